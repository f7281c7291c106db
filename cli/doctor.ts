import type { Command } from "commander";
import pc from "picocolors";

import type { Finding } from "../engine/doctor.ts";
import type { Plan } from "../plan/plan.ts";
import type { Survey } from "../probes/findings.ts";

interface DoctorOptions {
  readonly stack: string;
  readonly json?: boolean;
}

export function register(command: Command): void {
  command
    .option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev")
    .option("--json", "every finding with its check, level (ok, warn, fail) and mend")
    .addHelpText(
      "after",
      "\nIt looks only: nothing is installed, built, pulled or written.\nExit code 0 when nothing fails, 1 when something does.\n\nExample:\n  npm run platform -- doctor --stack staging",
    )
    .action(async ({ stack, json = false }: DoctorOptions) => {
      const findings = await examine(process.cwd(), stack);
      const holds = findings.every(({ level }) => level !== "fail");
      process.stdout.write(json ? `${JSON.stringify({ stack, holds, findings }, null, 2)}\n` : `${table(findings)}\n`);
      process.exitCode = holds ? 0 : 1;
    });
}

/** One look, under the name that its finding has when it can't be taken. */
type Look = readonly [check: string, look: () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>];

/** Looks at the machine, and at the stack as far as it is there. */
async function examine(root: string, stack: string): Promise<Finding[]> {
  const [{ hasProgram, probeEngine }, { planStack }, judge, machine] = await Promise.all([
    import("../engine/docker-engine.ts"),
    import("../engine/stack-plan.ts"),
    import("../engine/doctor.ts"),
    import("../engine/doctor-look.ts"),
  ]);
  const engine = await probeEngine();
  const ofMachine = take([
    ["node", () => judge.judgeNode(process.versions.node, machine.nodeRange(root))],
    ["docker-engine", () => judge.judgeEngine(engine)],
    ["docker-cli", async () => judge.judgeDockerCli(await hasProgram("docker"))],
    ["compose", async () => judge.judgeCompose(await machine.lookAtCompose())],
    ["pulumi", async () => judge.judgePulumi(await machine.lookAtPulumi(root, stack))],
    ["host-ca", () => judge.judgeBundle(machine.lookAtBundle())],
  ]);
  let plan: Plan | undefined;
  const configuration = await take([
    [
      "configuration",
      async () => {
        plan = await planStack(stack, { root });
        return {
          check: "configuration",
          level: "ok",
          finding: `stack ${stack} plans ${plan.resources.length} resources`,
        };
      },
    ],
  ]);
  const ofStack =
    plan === undefined
      ? []
      : [...(await ofFiles(root, plan)), ...("version" in engine ? await ofEngine(root, plan) : [])];
  return [...(await ofMachine), ...configuration, ...(await take(ofStack))];
}

/** What needs no Docker Engine. */
async function ofFiles(root: string, plan: Plan): Promise<Look[]> {
  const [judge, look, { gateFacts }] = await Promise.all([
    import("../engine/doctor-stack.ts"),
    import("../engine/doctor-look.ts"),
    import("../gates/json.ts"),
  ]);
  const { edge, images, odoo } = gateFacts(plan).settings;
  const { mail } = odoo;
  return [
    [
      "names",
      () =>
        Promise.all(
          Object.values(edge.hosts).map(async (host) => judge.judgeName(await look.lookAtName(host, edge.bindAddress))),
        ),
    ],
    [
      "secrets",
      () => {
        const facts = look.lookAtSecrets(root, plan);
        return facts === undefined ? [] : judge.judgeSecrets(facts);
      },
    ],
    [
      "mail",
      async () => {
        // What is caught goes to nobody who would have to believe it.
        if (mail === undefined || mail.caught) return [];
        const { judgeMail, lookAtMail } = await import("../engine/doctor-mail.ts");
        return judgeMail(await lookAtMail(mail));
      },
    ],
    ["pdf-reports", () => judge.judgeReports(images.some(({ name }) => name === "odoo-debian"))],
  ];
}

/** What only the Engine knows. */
async function ofEngine(root: string, plan: Plan): Promise<Look[]> {
  const [{ connectDocker }, judge, judgeStack, look, { surveyStack }, { originOf }, { readInputs }] = await Promise.all(
    [
      import("../engine/docker.ts"),
      import("../engine/doctor.ts"),
      import("../engine/doctor-stack.ts"),
      import("../engine/doctor-look.ts"),
      import("../probes/survey.ts"),
      import("../engine/stack-plan.ts"),
      import("../stacks/inputs.ts"),
    ],
  );
  const docker = connectDocker();
  const host = look.lookAtHost(docker);
  const images = look.lookAtImages(docker, readInputs(root, originOf(root, plan.stack)), plan);
  const room = host.then((found) => look.lookAtRoom(docker, plan, found));
  return [
    ["images", async () => judge.judgeImageSource(await images)],
    [
      "disk",
      async () => {
        const [{ folder, freeBytes }, { missing }] = await Promise.all([host, images]);
        return judge.judgeDisk({ folder, freeBytes, building: missing.length > 0 });
      },
    ],
    ["memory", async () => judgeStack.judgeMemory(await room)],
    ["cpus", async () => judgeStack.judgeCpus(await room)],
    ["ports", async () => judgeStack.judgePorts(await look.lookAtPorts(docker, plan))],
    [
      "stack",
      async () =>
        stackFindings(await surveyStack({ root, docker, plan }), (await import("../probes/findings.ts")).findFindings),
    ],
  ];
}

/**
 * What `status` finds wrong with the stack: clocks, containers, owners of volumes, certificates. A stack that isn't up
 * is no fault of the machine.
 */
export function stackFindings(survey: Survey, findFindings: (survey: Survey) => string[]): Finding[] {
  const isUp = survey.containers.some(({ state }) => state !== "absent");
  const wrong = findFindings(survey).filter(
    (finding) => isUp || !finding.startsWith(`stack ${survey.stack} is not up`),
  );
  if (wrong.length === 0) {
    const { containers, volumes, certificates } = survey;
    const seen = isUp
      ? `nothing is wrong with its ${containers.length} containers, ${volumes.length} volumes, ${certificates.length} certificates and the clock`
      : `stack ${survey.stack} is not up; nothing is wrong with the clock`;
    return [{ check: "stack", level: "ok", finding: seen }];
  }
  return wrong.map((text) => {
    const at = text.lastIndexOf("; ");
    if (at === -1) return { check: "stack", level: "fail", finding: text };
    const mend = text.slice(at + 2).replace(/^run `([^`]*)`$/, "$1");
    return { check: "stack", level: "fail", finding: text.slice(0, at), mend };
  });
}

/** Takes looks side by side; one that can't be taken is a finding. */
async function take(looks: readonly Look[]): Promise<Finding[]> {
  const found = await Promise.all(
    looks.map(async ([check, look]): Promise<readonly Finding[]> => {
      try {
        return [await look()].flat();
      } catch (error) {
        return [{ check, level: "fail", finding: error instanceof Error ? error.message : String(error) }];
      }
    }),
  );
  return found.flat();
}

/** A line for each finding, and what mends it on a line of its own, to be copied whole. */
export function table(findings: readonly Finding[]): string {
  const paint = { ok: pc.green, warn: pc.yellow, fail: pc.red };
  const width = Math.max(...findings.map(({ check }) => check.length)) + 2;
  const indent = `\n${" ".repeat(6 + width)}`;
  return findings
    .map(({ check, level, finding, mend = "" }) => {
      const lines = [...finding.split("\n"), ...(mend === "" ? [] : [`→ ${mend}`])];
      return `${paint[level](level.padEnd(6))}${check.padEnd(width)}${lines.join(indent)}`;
    })
    .join("\n");
}
