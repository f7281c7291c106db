import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { parse } from "yaml";

/** Where Pulumi keeps the state of stacks, and what its CLI needs in its environment to get there. */
export interface Backend {
  /** For people. */
  readonly description: string;
  /** Folder of the project's own backend; undefined for one that the user is logged in to. */
  readonly folder: string | undefined;
  /** Added to the environment of the CLI; holds no secret. */
  readonly env: { readonly [name: string]: string };
}

/** Folder of the local backend, of the passphrase, and of what the CLI must not write into the project. */
export function pulumiFolder(root: string): string {
  return join(root, ".platform", "pulumi");
}

/** The backend that the user is logged in to, else a local one of the project's own. */
export function findBackend(root: string, env: NodeJS.ProcessEnv = process.env): Backend {
  const theirs = loggedInTo(root, env);
  if (theirs !== undefined) return { description: theirs, folder: undefined, env: ALWAYS };
  const folder = pulumiFolder(root);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A passphrase of the user's own, where one is set: the CLI would prefer it anyway.
  const passphrase =
    env["PULUMI_CONFIG_PASSPHRASE"] === undefined && !isSet(env["PULUMI_CONFIG_PASSPHRASE_FILE"])
      ? { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(folder) }
      : {};
  return {
    description: "state in .platform/pulumi",
    folder,
    env: { ...ALWAYS, ...passphrase, PULUMI_BACKEND_URL: pathToFileURL(folder).href },
  };
}

const ALWAYS = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  // How secrets are encrypted is read from the state: the stack's file in the repository need not say.
  PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
} as const;

/** As Pulumi's CLI decides: environment, project, then what `pulumi login` left. Undefined when never logged in. */
export function loggedInTo(root: string, env: NodeJS.ProcessEnv): string | undefined {
  if (isSet(env["PULUMI_BACKEND_URL"])) return env["PULUMI_BACKEND_URL"];
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { backend?: { url?: string } };
  if (isSet(project.backend?.url)) return project.backend?.url;
  const folder = env["PULUMI_CREDENTIALS_PATH"] ?? env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const file = join(folder, "credentials.json");
  const { current } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { current?: string }) : {};
  if (isSet(current)) return current;
  return isSet(env["PULUMI_ACCESS_TOKEN"]) ? "Pulumi Cloud" : undefined;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** Made once; whoever can read it can read the secrets in the state beside it. */
function passphraseFile(folder: string): string {
  const file = join(folder, "passphrase");
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  return file;
}
