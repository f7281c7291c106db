import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";

/** A Pulumi CLI on this machine. */
export interface PulumiCli {
  /** Absolute path of the binary. */
  readonly path: string;
  readonly version: string;
}

/** Looks for a Pulumi CLI: on PATH, then where Pulumi's installer and its npm package put it. Downloads nothing. */
export async function findPulumi(env: NodeJS.ProcessEnv = process.env): Promise<PulumiCli | undefined> {
  const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const onPath = await x("sh", ["-c", "command -v pulumi"], { nodeOptions: { env } });
  const candidates = [
    ...(onPath.exitCode === 0 ? [onPath.stdout.trim()] : []),
    join(home, "bin", "pulumi"),
    ...versionsIn(join(home, "versions")).map((version) => join(home, "versions", version, "bin", "pulumi")),
  ];
  for (const path of candidates) {
    if (!existsSync(path)) continue;
    const { exitCode, stdout } = await x(path, ["version"], {
      nodeOptions: { env: { PULUMI_SKIP_UPDATE_CHECK: "true" } },
    });
    if (exitCode === 0) return { path, version: stdout.trim().replace(/^v/, "") };
  }
  return undefined;
}

/** Newest first. */
function versionsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).sort((a, b) => b.localeCompare(a, undefined, { numeric: true }));
}
