import { gateJsonSchema } from "../gates/report-schema.ts";
import { type Plan, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { policiesDocument } from "../policies/reference.ts";
import { RULES } from "../policies/rules.ts";
import { renderCompose } from "./compose-render.ts";
import { planStack } from "./stack-plan.ts";

/** First line of generated files that may have comments: where it comes from and how it is made anew. */
const NOTICE = "# Generated from the plan of stack %s by `npm run platform -- docs`; don't edit.\n";

/**
 * Every file of the repository that is made from the plans, by path. The facts of this machine are left out, so that
 * every machine makes the same.
 */
export async function generatedFiles(root: string): Promise<Record<string, string>> {
  const neutral = (stack: string) =>
    planStack(stack, { root, override: (inputs) => ({ ...inputs, machine: undefined }) });
  const dev = await neutral("dev");
  const prod = await neutral("prod");
  return {
    "docker-compose.yml": compose(dev, "."),
    "deploy/docker-compose.prod.yml": compose(prod, ".."),
    ".env.example": environmentTemplate(dev),
    "docs/POLICIES.md": policiesDocument(RULES),
    "docs/gate.schema.json": gateJsonSchema(),
  };
}

function compose(plan: Plan, root: string): string {
  const text = renderCompose(plan, {
    secretsFolder: `\${SECRETS_DIR:-${root}/.platform/${plan.stack}/secrets}`,
    byHand: { root },
  });
  return NOTICE.replace("%s", plan.stack) + text;
}

/** Every variable of docker-compose.yml, with its default. */
function environmentTemplate(plan: Plan): string {
  return [
    NOTICE.replace("%s", plan.stack).trimEnd(),
    "# Variables of docker-compose.yml, each with the value that it has when unset. Copy to .env and change what you need.",
    "# None is a secret: secrets are files, made once by scripts/make_secrets.sh.",
    "",
    "# Folder with one file per secret.",
    `SECRETS_DIR=./.platform/${plan.stack}/secrets`,
    "",
    "# Images and the bases they are built from. Where no image registry is in reach, or the host has a CA of its own,",
    "# `npm run --silent platform -- images --env` builds them and prints the lines to put here.",
    ...imageVariables(plan),
    "",
  ].join("\n");
}

/** Bases and images of a plan, as lines of an .env file. */
export function imageVariables(plan: Plan): string[] {
  const images = resourcesOf(plan, TYPES.image);
  const args = new Map(
    images.flatMap(({ inputs }) => Object.entries((inputs["build"] as { args: { [name: string]: string } }).args)),
  );
  return [
    ...[...args].map(([name, value]) => `${name}=${value}`),
    ...images.map((image) => `${image.name.toUpperCase().replaceAll("-", "_")}_IMAGE=${textOf(image, "imageName")}`),
  ];
}
