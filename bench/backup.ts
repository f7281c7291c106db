import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { x } from "tinyexec";

import { backupNow } from "../engine/backup.ts";
import { connectDocker, containerName, execIn, plannedContainer } from "../engine/docker.ts";
import { parseReport } from "../engine/restore/report.ts";
import { planStack } from "../engine/stack-plan.ts";
import { type Plan, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { median, print } from "./report.ts";
import { startStock } from "./stock.ts";

const ROUNDS = 3;
/** A company's first year or so: 1 GiB of attachments, and about as much of rows. */
const DATA = { FILES: "4096", KIB: "256", MIB: "1024" };
const WRITES = { PER_SECOND: "25", SECONDS: "120" };
const HOUR = 3600;

/**
 * Backup and restore, with users at work: Odoo's own web backup of a stock system (A) against a full backup of the stack
 * dev into all its regions (B), on the same data, in turns; what of the attachments is missing in each; a backup after 1 %
 * changed; and the physical restore against `pg_restore -j2`. The stack dev must be up.
 *
 * A is one compressed file beside the system. B is three encrypted copies with the log: it does more.
 */
export async function benchBackup(root: string): Promise<void> {
  const docker = connectDocker();
  const plan = await planStack("dev", { root });
  const image = (name: string) => {
    const found = resourcesOf(plan, TYPES.image).find((one) => one.name === name);
    if (found === undefined) throw new Error(`the plan builds no image ${name}`);
    return textOf(found, "imageName");
  };
  const odoo = containerName(plannedContainer(plan, "odoo"));
  const stock = await startStock(docker, { postgres: image("postgres"), odoo: image("odoo-debian") }, ["base", "web"]);
  const folder = mkdtempSync(join(tmpdir(), "bench-backup-"));
  try {
    const shells = { A: inStock(docker, stock.container), B: inStack(docker, odoo) };
    await Promise.all(Object.values(shells).map((shell) => shell({ ACTION: "fill", ...DATA })));
    await backupNow(docker, plan, "full");
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const a = await whileWriting(shells.A, () => webBackup(docker, stock.container));
      const b = await whileWriting(shells.B, () => timed(() => backupNow(docker, plan, "full")));
      rounds.push({ a, b, lost: await restored(root, folder, plan) });
    }
    await shells.B({ ACTION: "fill", FILES: "40", KIB: "256", MIB: "10" });
    const incremental = await timed(() => backupNow(docker, plan, "incr"));
    const full = median(rounds.map(({ b }) => b.seconds));
    print([
      ["backup, with 25 attachments written a second", "Odoo's own", "ours", "ratio", "goal"],
      [
        `seconds, median of ${ROUNDS}`,
        median(rounds.map(({ a }) => a.seconds)).toFixed(1),
        full.toFixed(1),
        median(rounds.map(({ a, b }) => a.seconds / b.seconds)).toFixed(2),
        "4",
      ],
      [
        "attachments missing, all rounds",
        `${sum(rounds.map(({ a }) => a.value.dangling))} of ${sum(rounds.map(({ a }) => a.value.all))}`,
        `${sum(rounds.map(({ lost }) => lost.missing))} of ${sum(rounds.map(({ lost }) => lost.all))}`,
        "",
        "0",
      ],
      ["seconds after 1 % changed", "", incremental.seconds.toFixed(1), (full / incremental.seconds).toFixed(2), "5"],
    ]);
    const logical = await pgRestore(docker, plan);
    const physical = median(rounds.map(({ lost }) => lost.seconds));
    print([
      ["restore of the database", "pg_restore -j2", "ours", "ratio", "goal"],
      ["seconds", logical.toFixed(1), physical.toFixed(1), (logical / physical).toFixed(2), "2"],
    ]);
  } finally {
    await stock.remove();
    rmSync(folder, { recursive: true });
  }
}

type Shell = (variables: { readonly [name: string]: string }) => Promise<string>;

const BULK = readFileSync(new URL("bulk.py", import.meta.url), "utf8");
const DANGLING = readFileSync(new URL("dangling.py", import.meta.url), "utf8");

function inStock(docker: Docker, container: string): Shell {
  return (variables) =>
    inShell(docker, container, ["/entrypoint.sh", "odoo", "shell", "-d", "odoo", "--no-http"], variables);
}

function inStack(docker: Docker, container: string): Shell {
  return (variables) => inShell(docker, container, ["platform-odoo", "shell", "--no-http"], variables);
}

/** Runs bulk.py in an Odoo shell; what it says at the end. */
async function inShell(
  docker: Docker,
  container: string,
  shell: readonly string[],
  variables: { readonly [name: string]: string },
): Promise<string> {
  const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  // The shell reads a program from its standard input line by line: as one line it is read whole.
  const stdin = `exec(compile(${JSON.stringify(BULK)}, "bulk", "exec"), {"env": env})\n`;
  const { stdout, stderr } = await execIn(docker, container, ["env", ...given, ...shell], {
    stdin,
    timeoutSeconds: HOUR,
  });
  const said = /DONE ?([\d.]*)/.exec(stdout)?.[1];
  if (said === undefined) throw new Error(`${container}: ${stderr.slice(-1000)}`);
  return said;
}

interface Timed<T> {
  readonly seconds: number;
  readonly value: T;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const value = await work();
  return { seconds: (performance.now() - started) / 1000, value };
}

async function whileWriting<T>(shell: Shell, work: () => Promise<T>): Promise<T> {
  const writing = shell({ ACTION: "write", ...WRITES });
  // An Odoo shell takes seconds to start.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const done = await work();
  const rate = Number(await writing);
  if (rate < 20) throw new Error(`only ${rate} attachments were written a second, and 20 are needed`);
  return done;
}

/** What the database manager's page does; and what is missing in the file. */
async function webBackup(docker: Docker, container: string): Promise<Timed<{ dangling: number; all: number }>> {
  const file = "/tmp/backup.zip";
  const form = ["-F", "master_pwd=admin", "-F", "name=odoo", "-F", "backup_format=zip"];
  const { seconds } = await timed(() =>
    must(docker, container, ["curl", "-fsS", "-o", file, ...form, "http://127.0.0.1:8069/web/database/backup"]),
  );
  const [dangling = 0, all = 0] = (await must(docker, container, ["python3", "-", file], DANGLING))
    .split(" ")
    .map(Number);
  return { seconds, value: { dangling, all } };
}

/** A restore test of the newest backup from the last region. */
async function restored(
  root: string,
  folder: string,
  plan: Plan,
): Promise<{ missing: number; all: number; seconds: number }> {
  const escrow = join(folder, "escrow.json");
  const report = join(folder, "report.json");
  const platform = (...args: string[]) =>
    x(process.execPath, [join(root, "cli/platform.mjs"), ...args], { nodeOptions: { cwd: root } });
  rmSync(escrow, { force: true });
  await platform("backup", "--stack", plan.stack, "--export-escrow", escrow);
  const args = ["--stack", plan.stack, "--region", "region-c", "--escrow", escrow, "--json", report];
  const ran = await x(join(root, "scripts/backup/restore_test.sh"), args, { nodeOptions: { cwd: root } });
  const { findings, seconds } = parseReport(readFileSync(report, "utf8"));
  const files = findings.find(({ check }) => check === "attachments");
  if (files === undefined) throw new Error(`the restore test looked at no attachments: ${ran.stderr}`);
  const { missing = Number.NaN, wanted = Number.NaN } = files.measured as { missing?: number; wanted?: number };
  const database = (seconds["restore"] ?? Number.NaN) + (seconds["recover"] ?? Number.NaN);
  return { missing, all: wanted, seconds: database };
}

/** The other way to bring a database back: a dump in the custom format, with two processes, into the same server. */
async function pgRestore(docker: Docker, plan: Plan): Promise<number> {
  const postgres = containerName(plannedContainer(plan, "postgres"));
  const sh = (command: string) => must(docker, postgres, ["sh", "-euc", command]);
  const folder = "/var/lib/postgresql/bench";
  await sh(
    `mkdir -p ${folder} && pg_dump -h /run/postgresql -U postgres -Fc -f ${folder}/dump odoo && createdb -h /run/postgresql -U postgres bench`,
  );
  try {
    return (await timed(() => sh(`pg_restore -h /run/postgresql -U postgres -j2 -d bench ${folder}/dump || true`)))
      .seconds;
  } finally {
    await sh(`dropdb -h /run/postgresql -U postgres bench; rm -r ${folder}`);
  }
}

async function must(docker: Docker, container: string, command: readonly string[], stdin = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await execIn(docker, container, command, { stdin, timeoutSeconds: HOUR });
  if (exitCode !== 0)
    throw new Error(`${command.join(" ")} in ${container} ended with ${exitCode}: ${stderr.slice(-1000)}`);
  return stdout.trim();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
