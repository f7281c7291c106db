import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { lookAtPulumi } from "../../../engine/doctor-look.ts";
import { resourcesIn, secretIn } from "../../../engine/pulumi-state.ts";
import { ROOT, run } from "./platform.ts";

const { cli, wanted, present } = await lookAtPulumi(ROOT, "dev");

/** What is missing for Pulumi to be tried here; undefined where nothing is. */
export const missingPulumi: string | undefined =
  cli === undefined
    ? "no Pulumi CLI is here"
    : present.length < wanted.length
      ? `Pulumi's plugins ${wanted.filter((plugin) => !present.includes(plugin)).join(", ")} are not here`
      : undefined;

/** Environment of somebody who never logged in to a backend. */
export const LOGGED_OUT: NodeJS.ProcessEnv = {
  PULUMI_CREDENTIALS_PATH: mkdtempSync(join(tmpdir(), "odoo-platform-pulumi-")),
  PULUMI_BACKEND_URL: "",
  PULUMI_ACCESS_TOKEN: "",
};

const FOLDER = join(ROOT, ".platform/pulumi");

/** Runs Pulumi's own CLI on the local backend; throws when it fails. */
export async function pulumi(...args: readonly string[]): Promise<string> {
  const env = {
    PULUMI_BACKEND_URL: pathToFileURL(FOLDER).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(FOLDER, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const ran = await run(cli?.path ?? "pulumi", [...args, "--non-interactive"], { env });
  if (ran.exitCode !== 0)
    throw new Error(`pulumi ${args.join(" ")} ended with ${String(ran.exitCode)}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/** How many resources a preview would leave, make, change or remove. The CLI writes into the copy of the settings. */
export async function preview(stack: string, ...args: readonly string[]): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "odoo-platform-preview-"));
  const settings = join(folder, `Pulumi.${stack}.yaml`);
  copyFileSync(join(ROOT, `Pulumi.${stack}.yaml`), settings);
  const printed = await pulumi("preview", "--json", "--stack", stack, "--config-file", settings, ...args);
  return (JSON.parse(printed) as { changeSummary: Record<string, number> }).changeSummary;
}

/** Every generated secret of a stack that Pulumi made. */
export async function secretsInState(stack: string): Promise<Record<string, string>> {
  const state = JSON.parse(await pulumi("stack", "export", "--show-secrets", "--stack", stack)) as unknown;
  const names = resourcesIn(state).flatMap(({ type, urn }) =>
    type.startsWith("random:") ? [urn.split("::").at(-1) ?? ""] : [],
  );
  return Object.fromEntries(names.map((name) => [name, secretIn(state, name) ?? ""]));
}

/** Files below the local backend that hold a text. */
export function filesWith(text: string): string[] {
  try {
    return execFileSync("grep", ["--recursive", "--files-with-matches", "--fixed-strings", "--", text, FOLDER], {
      encoding: "utf8",
    })
      .trim()
      .split("\n");
  } catch {
    // grep ends with 1 where nothing matches.
    return [];
  }
}

/** Files of the local backend that are named after a stack. */
export function filesNamed(stack: string): string[] {
  return execFileSync("find", [FOLDER, "-type", "f", "-path", `*${stack}*`], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}
