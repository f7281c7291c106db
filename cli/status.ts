import type { Command } from "commander";

import type { ContainerState, Survey } from "../probes/findings.ts";
import type { GateReport } from "../gates/report.ts";
import type { Evidence } from "../gates/evidence.ts";

interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly html?: boolean;
}

export function register(command: Command): void {
  command
    .option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev")
    .option("--json", "everything that was found, for programs")
    .option("--html", "write the status page: phases and tasks, what failed and how to mend it, addresses")
    .addHelpText(
      "after",
      "\nExit code 0 when nothing is wrong, 1 when something is; with --html, 0 when the page is written.\n\nExamples:\n  npm run platform -- status --stack staging\n  npm run platform -- status --html",
    )
    .action(async ({ stack, json = false, html = false }: StatusOptions) => {
      if (html) {
        await writePage(stack, json);
        return;
      }
      const [{ planStack }, { connectDocker }, { surveyStack }, { findFindings }, { gateFacts }, { TASKS }, report] =
        await Promise.all([
          import("../engine/stack-plan.ts"),
          import("../engine/docker.ts"),
          import("../probes/survey.ts"),
          import("../probes/findings.ts"),
          import("../gates/json.ts"),
          import("../gates/tasks.ts"),
          import("../gates/report.ts"),
        ]);
      const root = process.cwd();
      const plan = await planStack(stack, { root });
      const now = new Date();
      const survey = await surveyStack({ root, docker: connectDocker(), plan, now });
      const findings = findFindings(survey);
      const facts = gateFacts(plan);
      const decided = report.gateReport(TASKS, facts, now);
      const urls = plan.outputs["urls"] as { readonly [name: string]: string };
      process.exitCode = findings.length === 0 ? 0 : 1;
      if (json) {
        process.stdout.write(
          `${JSON.stringify({ ...survey, urls, findings, evidence: facts.evidence.map(ageOf(now)), phases: decided.phases, verdict: decided.verdict }, null, 2)}\n`,
        );
        return;
      }
      const { columns, phaseTable } = report;
      const sections = [
        columns([["Service", "State", "Memory", "Image"], ...survey.containers.map(containerRow)]),
        columns(Object.entries(urls).map(([name, url]) => [name, url])),
        columns([
          ["Certificate", "Valid until"],
          ...survey.certificates.map(({ what, validTo, fault }) => [
            what,
            validTo === undefined ? (fault ?? "") : new Date(validTo).toISOString(),
          ]),
        ]),
        evidenceLine(facts.evidence, now),
        phaseTable(decided.phases, decided.verdict),
        findings.length === 0
          ? "Nothing is wrong."
          : ["Findings", ...findings.map((finding) => `  - ${finding}`)].join("\n"),
      ];
      process.stdout.write(`${title(survey, decided)}\n\n${sections.join("\n\n")}\n`);
    });
}

async function writePage(stack: string, json: boolean): Promise<void> {
  const [{ planStack }, { connectDocker }, { publishStatusPage }] = await Promise.all([
    import("../engine/stack-plan.ts"),
    import("../engine/docker.ts"),
    import("../engine/status-page.ts"),
  ]);
  const root = process.cwd();
  const plan = await planStack(stack, { root });
  const page = await publishStatusPage({ root, docker: connectDocker(), plan, now: new Date() });
  const { file, url } = page;
  process.stdout.write(
    json ? `${JSON.stringify(page)}\n` : `Written: ${file}${url === undefined ? "" : `, served at ${url}`}.\n`,
  );
}

function title({ stack, at }: Survey, { verdict }: GateReport): string {
  return `Stack ${stack}, ${at}: ${verdict}`;
}

function containerRow({
  service,
  state,
  job,
  health,
  exitCode,
  memoryMiB,
  limitMiB,
  image = "",
}: ContainerState): string[] {
  const word =
    job && state === "exited"
      ? `done (${exitCode ?? 0})`
      : [state, health].filter((part) => part !== undefined).join(", ");
  return [service, word, memoryMiB === undefined ? "" : `${memoryMiB} of ${limitMiB} MiB`, image];
}

function ageOf(
  now: Date,
): (evidence: Evidence) => { task: string; holds: boolean; at: string; ageHours: number; ttlDays: number } {
  return ({ task, holds, at, ttlDays }) => ({
    task,
    holds,
    at,
    ageHours: Math.round((now.getTime() - Date.parse(at)) / 360_000) / 10,
    ttlDays,
  });
}

function evidenceLine(evidence: readonly Evidence[], now: Date): string {
  if (evidence.length === 0) return "No evidence yet; run `npm run platform -- verify`.";
  const ages = evidence.map(ageOf(now)).sort((a, b) => a.ageHours - b.ageHours);
  const [newest, oldest] = [ages[0], ages.at(-1)];
  return `${evidence.length} pieces of evidence, ${evidence.filter(({ holds }) => holds).length} hold; newest ${newest?.ageHours ?? 0} h old (${newest?.task ?? ""}), oldest ${oldest?.ageHours ?? 0} h (${oldest?.task ?? ""})`;
}
