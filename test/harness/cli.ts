import { spawn } from "node:child_process";
import { join } from "node:path";

import { ROOT } from "./plans.ts";

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliArgs {
  /** Folder of the project. @default this one */
  readonly cwd?: string;
  /** On top of this process's environment. */
  readonly env?: { readonly [name: string]: string };
}

/** Runs the command line as its users do, without a terminal. */
export async function platform(args: readonly string[], { cwd = ROOT, env = {} }: CliArgs = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [join(ROOT, "cli/platform.mjs"), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}
