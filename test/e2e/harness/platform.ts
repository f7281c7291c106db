import { spawn } from "node:child_process";
import { join } from "node:path";

/** Folder of the project under test. */
export const ROOT = process.cwd();

export interface Ran {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** Folder of the project. @default the one under test */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Kill it, and all that it started, when this text is printed. */
  readonly killWhen?: RegExp;
}

/** Runs a program to its end, as a user would type it. */
export function run(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, stdin = "", killWhen }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    // A group of its own, so that a SIGKILL reaches what it started too.
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
    let stdout = "";
    let stderr = "";
    const watch = (): void => {
      if (killWhen?.test(stdout + stderr) === true && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      watch();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      watch();
    });
    child.once("error", reject);
    child.once("close", (exitCode, signal) =>
      resolve({ exitCode, signal, stdout, stderr, seconds: (performance.now() - started) / 1000 }),
    );
    child.stdin.end(stdin);
  });
}

/** Runs a verb of the platform. */
export function platform(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [join(ROOT, "cli/platform.mjs"), ...args], options);
}

/** Runs a verb that must succeed. @throws Error with what it printed when it doesn't. */
export async function succeed(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await platform(args, options);
  if (ran.exitCode !== 0)
    throw new Error(
      `platform ${args.join(" ")} ended with ${String(ran.exitCode ?? ran.signal)}:\n${ran.stdout}\n${ran.stderr}`,
    );
  return ran;
}
