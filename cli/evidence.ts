import { type Command, InvalidArgumentError } from "commander";

import { Fault, messageOf } from "../engine/fault.ts";
import type { Evidence } from "../gates/evidence.ts";
import type { Task } from "../gates/task.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";
import { phaseNumber } from "./gate.ts";

export function register(command: Command): void {
  command.addHelpText(
    "after",
    "\nEvidence is signed with this machine's key. It counts for stacks in development here, and for others once\nevidence/signers.json admits the key (`evidence allow`).\n\nExamples:\n  npm run platform -- evidence list --stack prod\n  npm run platform -- evidence commit --stack prod --phase 2\n  npm run platform -- evidence sign --stack prod --task 6.2.rollback --name Ann --role DevOps --saw 'the rehearsal of Monday'",
  );
  registerReading(command);
  registerKeys(command);
  withStack(command.command("commit"))
    .description("commit a signed bundle of a phase's evidence to branch evidence/<stack>, and take evidence of it")
    .option("-p, --phase <number>", "which phase", phaseNumber, 2)
    .action(commit);
  withStack(command.command("sign"))
    .description("decide a task that people decide, for the commit that is checked out")
    .requiredOption("-t, --task <id>", "a task such as 6.5, or an item of one such as 6.2.rollback")
    .requiredOption("--name <name>", "who decides, as evidence/signers.json names this machine's key")
    .requiredOption("--role <role>", "as what, such as DevOps")
    .requiredOption("--saw <text>", "what was looked at, in a sentence")
    .option("--refuse", "the claim does not hold")
    .option("--days <number>", "for how long it counts", days)
    .action(decide);
}

function registerReading(command: Command): void {
  withStack(command.command("list"))
    .description("evidence of a stack: when, by whom, until when, and what it counts for")
    .option("--json", "for programs")
    .action(list);
  withStack(command.command("show"))
    .description("one piece of evidence, whole")
    .argument("<task>", "such as 2.9")
    .action(show);
}

function registerKeys(command: Command): void {
  command
    .command("key")
    .description("this machine's public key")
    .action(async () => {
      process.stdout.write(`${(await ownKey()).public}\n`);
    });
  command
    .command("allow")
    .description(
      "let a key's evidence count for every stack: an entry in evidence/signers.json, to be reviewed and committed",
    )
    .requiredOption("--name <name>", "whose key it is: a machine or a person")
    .option("--key <key>", "the public key; without it, this machine's")
    .option("--role <roles...>", "roles that this person may decide for, such as DevOps")
    .action(allow);
}

interface Row {
  readonly task: string;
  readonly title: string;
  readonly status: string;
  readonly at: string;
  readonly until: string;
  readonly signer: string;
  readonly detail: string;
}

async function rows(stack: string): Promise<{ rows: Row[]; evidence: readonly Evidence[] }> {
  const [{ planStack }, { gateFacts }, { TASKS, taskById }, { decide, decideTask }, { expiresAt }, { signerOf }] =
    await Promise.all([
      import("../engine/stack-plan.ts"),
      import("../gates/json.ts"),
      import("../gates/tasks.ts"),
      import("../gates/verdict.ts"),
      import("../gates/evidence.ts"),
      import("../gates/seal.ts"),
    ]);
  const facts = gateFacts(await planStack(stack, { root: projectRoot() }));
  const now = new Date();
  const verdicts = decide(TASKS, facts, now).flatMap(({ tasks }) => tasks);
  const inOrder = [...facts.evidence].sort((a, b) => a.task.localeCompare(b.task, "en", { numeric: true }));
  const rowOf = (piece: Evidence): Row => {
    const item = taskById(piece.task);
    const verdict =
      verdicts.find(({ id }) => id === piece.task) ?? (item === undefined ? undefined : decideTask(item, facts, now));
    const signer = signerOf(piece, facts.signers)?.name ?? (piece.seal === undefined ? "nobody" : "not admitted");
    return {
      task: piece.task,
      title: verdict?.title ?? "",
      status: verdict?.status ?? "no such task",
      at: piece.at,
      until: new Date(expiresAt(piece)).toISOString(),
      signer,
      detail: verdict?.detail ?? piece.detail,
    };
  };
  return { rows: inOrder.map(rowOf), evidence: facts.evidence };
}

async function list({ stack, json = false }: StackOptions): Promise<void> {
  const { rows: found } = await rows(stack);
  if (json) {
    process.stdout.write(`${JSON.stringify({ stack, evidence: found }, null, 2)}\n`);
    return;
  }
  if (found.length === 0) {
    process.stdout.write(`Stack ${stack} has no evidence yet; run \`npm run platform -- verify --stack ${stack}\`.\n`);
    return;
  }
  const { columns } = await import("../gates/report.ts");
  const table = found.map(({ task, status, at, until, signer, detail }) => [task, status, at, until, signer, detail]);
  process.stdout.write(`${columns([["Task", "Status", "Taken", "Counts until", "Signed by", "Finding"], ...table])}\n`);
}

async function show(task: string, { stack }: StackOptions): Promise<void> {
  const { rows: found, evidence } = await rows(stack);
  const piece = evidence.find((one) => one.task === task);
  const row = found.find((one) => one.task === task);
  if (piece === undefined || row === undefined)
    throw new Fault(
      `Stack ${stack} has no evidence of ${task}; it has ${found.map((one) => one.task).join(", ") || "none"}.`,
    );
  process.stdout.write(`${JSON.stringify(piece, null, 2)}\n`);
  process.stderr.write(`${row.status}: ${row.detail}\n`);
}

async function commit({ stack, phase }: StackOptions & { readonly phase: number }): Promise<void> {
  const root = projectRoot();
  const [{ planStack }, { gateFacts }, { TASKS }, bundles, { sealed }, { machineKey }, branch] = await Promise.all([
    import("../engine/stack-plan.ts"),
    import("../gates/json.ts"),
    import("../gates/tasks.ts"),
    import("../gates/bundle.ts"),
    import("../gates/seal.ts"),
    import("../probes/evidence-key.ts"),
    import("../probes/evidence-branch.ts"),
  ]);
  const plan = await planStack(stack, { root });
  const bundle = refusing(`Evidence of phase ${phase} is no proof yet`, () =>
    bundles.composeBundle(TASKS[phase] ?? [], phase, gateFacts(plan), new Date()),
  );
  const id = branch.commitBundle(root, sealed(bundle, machineKey(root)));
  const where = branch.evidenceBranch(stack);
  process.stdout.write(
    `${bundle.evidence.length} pieces of evidence are in commit ${id.slice(0, 12)} of branch ${where}.\n`,
  );
  process.stdout.write(`\`git push origin ${where}\` takes them off this machine.\n`);
  if (!(TASKS[phase] ?? []).some((task) => task.id === bundles.BUNDLE_TASK)) return;
  const [{ runProbes }, { connectDocker }] = await Promise.all([
    import("../probes/run.ts"),
    import("../engine/docker.ts"),
  ]);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const [result] = await runProbes({ root, docker: connectDocker(), plan, scope: [bundles.BUNDLE_TASK], say });
  process.exitCode = result?.holds === true ? 0 : 1;
}

interface SignOptions extends StackOptions {
  readonly task: string;
  readonly name: string;
  readonly role: string;
  readonly saw: string;
  readonly refuse?: boolean;
  readonly days?: number;
}

async function decide(options: SignOptions): Promise<void> {
  const root = projectRoot();
  const [{ planStack }, { gateFacts }, { taskById }, decisions, store, { uncommitted }, records] = await Promise.all([
    import("../engine/stack-plan.ts"),
    import("../gates/json.ts"),
    import("../gates/tasks.ts"),
    import("../gates/decision.ts"),
    import("../probes/evidence-store.ts"),
    import("../stacks/source-commit.ts"),
    import("../probes/record-store.ts"),
  ]);
  const { stack, name, role, saw, days: ttlDays = decisions.DECISION_TTL_DAYS } = options;
  const task: Task | undefined = taskById(options.task);
  if (task === undefined) throw new Fault(`--task: the plan has no task ${options.task}`, 2);
  const changed = uncommitted(root);
  if (changed.length > 0)
    throw new Fault(`A decision is bound to a commit, and these files are not in one: ${changed.join(", ")}.`);
  const facts = gateFacts(await planStack(stack, { root }));
  const now = new Date();
  if (task.kind === "sign-off" && task.record !== undefined && options.refuse !== true)
    records.refuseUnsignable(root, task.record, { stack, signers: facts.signers, now });
  const evidence = refusing("Not decided", () =>
    decisions.decisionEvidence(task, { name, role, saw, ttlDays, yes: options.refuse !== true }, facts, now),
  );
  const own = (await ownKey()).public;
  const admitted = facts.signers.some(
    (signer) => signer.key === own && signer.name === name && signer.roles?.includes(role) === true,
  );
  if (!admitted)
    throw new Fault(
      `This machine's key is not ${name}'s for ${role}. Run \`npm run platform -- evidence allow --name '${name}' --role '${role}'\`, and have the change of evidence/signers.json reviewed.`,
    );
  store.writeEvidence(root, evidence);
  process.stdout.write(`${name} (${role}) decided ${task.id} ${task.title}: ${evidence.holds ? "yes" : "no"}.\n`);
}

async function allow({ name, key, role }: { name: string; key?: string; role?: string[] }): Promise<void> {
  const { admitSigner } = await import("../probes/signers-file.ts");
  const admitted = key ?? (await ownKey()).public;
  admitSigner(projectRoot(), { name, key: admitted, ...(role === undefined ? {} : { roles: role }) });
  process.stdout.write(
    `evidence/signers.json admits ${admitted} as ${name}${role === undefined ? "" : ` (${role.join(", ")})`}.\n`,
  );
}

async function ownKey(): Promise<{ readonly public: string }> {
  const [{ machineKey }, { publicKeyOf }] = await Promise.all([
    import("../probes/evidence-key.ts"),
    import("../gates/seal.ts"),
  ]);
  return { public: publicKeyOf(machineKey(projectRoot())) };
}

function refusing<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Fault(`${what}: ${messageOf(error)}.`);
  }
}

function days(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("A whole number of days, 1 or more.");
  return Number(text);
}
