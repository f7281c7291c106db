import { CIS_DOCKER, type Item } from "./cis-docker.ts";
import { VULNERABLE } from "./pins/vulnerable.ts";
import type { Rule } from "./rule.ts";
import { BEYOND_S3, CDK_NAG_S3, CHECKOV_S3 } from "./s3-catalogues.ts";

const INTRODUCTION = `Rules about what the program registers. They are judged in two places, by the same functions: in process, by \`npm run platform -- plan\` and before every \`up\`, with no CLI, plugins or network; and in Pulumi's own engine, by \`pulumi preview --policy-pack policies\`.

- A **mandatory** violation refuses the deployment; an **advisory** one is told.
- A rule reads registered inputs and nothing else: the column "Reads" is all that it can see. What files of an image decide is measured by the gates.
- What only a deployment can tell leaves a rule **undecided**. That is told, refuses nothing, and is never counted as a pass.
- A rule that fails to run is a violation.

## Exceptions

An exception is data in \`Pulumi.<stack>.yaml\`, shown with every plan until it ends:

    odoo-platform:policyExceptions:
      - rule: logs-are-rotated
        resource: edge
        reason: the collector of this host rotates them
        until: 2026-12-31

One without a reason, past its day, for a rule or a resource that there is not, counts for nothing and is a violation of \`exceptions-are-in-order\`.

## First deployment of a stack that requires a phase

\`requirePhase\` refuses a stack until that phase, and each before it, is GO; evidence for them comes from the running stack. So the first deployment needs somebody who answers for it: an exception from \`required-phases-are-go\` for the stack's own resource (\`odoo-platform-prod\`), with an end a few days ahead.`;

const UNSEEN = `- Whether a copy of production is neutralised, and has no way out: nothing registers it yet. Staging's Odoo is on the edge's network, which has a way out.
- What \`pg_hba.conf\`, \`postgresql.conf\` and the role scripts say: they are files of the image, measured on the running server by tasks of phases 1 and 2. Rules refuse the command-line settings that would win over them.
- The version of Caddy, which \`docker/Dockerfile.edge\` fixes itself: a test holds it against the list below.
- A limit on the number of processes: the Docker provider has no input for it.
- Marks of secrets, in Pulumi's own engine: it takes them off, and only generated passwords and access keys are recognised again. \`uploaded-secrets-are-marked\` refuses in process, and only tells there.`;

/** docs/POLICIES.md: every rule, and what becomes of every item of the catalogues. */
export function policiesDocument(rules: readonly Rule[]): string {
  const mandatory = rules.filter(({ level }) => level === "mandatory").length;
  return [
    "<!-- Generated from policies/ by `npm run platform -- docs`; don't edit. -->",
    "# Policies",
    "",
    INTRODUCTION,
    "",
    "## What no rule can see",
    "",
    UNSEEN,
    "",
    "## Rules",
    "",
    `${rules.length}: ${mandatory} mandatory, ${rules.length - mandatory} advisory.`,
    "",
    ...table(
      ["Rule", "Level", "What holds", "Why", "What mends it", "Reads", "Covers"],
      rules.map(({ id, level, must, why, fix, reads, sources }) => [
        `\`${id}\``,
        level,
        must,
        why,
        fix,
        reads,
        sources.join(", "),
      ]),
    ),
    "",
    "## CIS Docker Benchmark, section 5",
    "",
    ...catalogue(CIS_DOCKER),
    "",
    "## Checkov's checks of S3",
    "",
    ...catalogue(CHECKOV_S3),
    "",
    "## cdk-nag's rules for S3",
    "",
    ...catalogue(CDK_NAG_S3),
    "",
    "## Object storage beyond both",
    "",
    ...catalogue(BEYOND_S3),
    "",
    "## Versions that are refused",
    "",
    ...table(
      ["Product", "From", "Mended in", "Hole", "Harm", "Source, read on"],
      VULNERABLE.map((hole) => [
        hole.product,
        hole.from,
        hole.below,
        hole.id,
        hole.harm,
        `${hole.source}, ${hole.read}`,
      ]),
    ),
    "",
  ].join("\n");
}

function catalogue(items: readonly Item[]): readonly string[] {
  return table(
    ["Item", "", "Here"],
    items.map(({ id, title, treatment }) => [
      id,
      title,
      treatment
        .map((one) =>
          "rule" in one
            ? `\`${one.rule}\``
            : "safe" in one
              ? `safe by default: ${one.safe}`
              : `exception: ${one.exception}`,
        )
        .join("; "),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/[|<>]/g, "\\$&")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)];
}
