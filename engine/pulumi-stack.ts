import { existsSync, readdirSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { x } from "tinyexec";

import { type Backend, pulumiFolder } from "./pulumi-backend.ts";
import type { PulumiCli } from "./pulumi-cli.ts";

/** One stack of this project in its backend. Nothing that is done to it writes into the project's own files. */
export interface StackHandle {
  /** Makes what runs equal to the program. */
  readonly up: (watch: Watch) => Promise<void>;
  /** Removes the resources that the patterns of URNs name; all of them without patterns. */
  readonly destroy: (targets: readonly string[], watch: Watch) => Promise<void>;
  /** Reads again what runs, and forgets creations of which a killed update never heard the end. */
  readonly refresh: (watch: Watch) => Promise<void>;
  /** Takes locks away. */
  readonly cancel: () => Promise<void>;
  /** Lets protected resources be removed. */
  readonly unprotect: () => Promise<void>;
  /** Removes the stack from its backend. */
  readonly remove: () => Promise<void>;
  /** State with secrets in plain text. */
  readonly exported: () => Promise<unknown>;
  /** Stack outputs as `pulumi stack output --json` prints them. */
  readonly outputs: (showSecrets: boolean) => Promise<Record<string, unknown>>;
}

/** How an operation is followed. */
export interface Watch {
  readonly onEvent: (event: EngineEvent) => void;
}

export interface OpenArgs {
  readonly cli: PulumiCli;
  readonly backend: Backend;
  readonly root: string;
  readonly stack: string;
}

/**
 * Opens a stack, and makes it where the backend has none.
 *
 * The CLI keeps a stack's salt in its configuration file, which it rewrites without comments. So the stack is made from a
 * copy of the project, and operations are given a copy of the stack's file.
 */
export async function openStack({ cli, backend, root, stack: name }: OpenArgs): Promise<StackHandle> {
  const pulumiCommand = await PulumiCommand.get({ root: dirname(dirname(cli.path)), skipVersionCheck: true });
  const cliOptions = { pulumiCommand, envVars: { ...backend.env } };
  const workspace = await LocalWorkspace.create({ ...cliOptions, workDir: root });
  const stack = await selectOrMake(name, workspace, async () => {
    const copy = join(pulumiFolder(root), "project");
    mkdirSync(copy, { recursive: true, mode: 0o700 });
    copyFileSync(join(root, "Pulumi.yaml"), join(copy, "Pulumi.yaml"));
    await Stack.create(name, await LocalWorkspace.create({ ...cliOptions, workDir: copy }));
  });
  // For the summary of an operation, which nobody reads, the CLI would run three times more.
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  const configFile = (): string => {
    const file = join(pulumiFolder(root), `Pulumi.${name}.yaml`);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    copyFileSync(join(root, `Pulumi.${name}.yaml`), file);
    return file;
  };
  const run = async (args: readonly string[]): Promise<string> => {
    const ran = await x(cli.path, [...args, "--stack", name, "--non-interactive"], {
      nodeOptions: { cwd: root, env: { ...backend.env } },
    });
    if (ran.exitCode !== 0) throw new Error(ran.stderr.trim());
    return ran.stdout;
  };
  // Without secrets in the summary of an operation: asking for them makes the CLI write into the stack's own file.
  const options = (watch: Watch) => ({ ...watch, showSecrets: false, configFile: configFile() });
  return {
    up: async (watch) => void (await stack.up({ ...options(watch), refresh: true, suppressOutputs: true })),
    destroy: async (targets, watch) => {
      const only = targets.length === 0 ? {} : { target: [...targets], targetDependents: true };
      await stack.destroy({ ...options(watch), ...only });
    },
    refresh: async (watch) => void (await stack.refresh({ ...options(watch), clearPendingCreates: true })),
    cancel: () => stack.cancel(),
    unprotect: async () => void (await run(["state", "unprotect", "--all", "--yes"])),
    remove: async () => {
      const { name: project } = await workspace.projectSettings();
      await workspace.removeStack(name, { preserveConfig: true });
      for (const leftover of leftovers(backend, root, project, name))
        rmSync(leftover, { recursive: true, force: true });
    },
    exported: () => stack.exportStack(),
    outputs: async (showSecrets) =>
      JSON.parse(await run(["stack", "output", "--json", ...(showSecrets ? ["--show-secrets"] : [])])) as Record<
        string,
        unknown
      >,
  };
}

/** What removing a stack leaves of it on this machine: copies of its settings, and of its state in our own backend. */
function leftovers({ folder }: Backend, root: string, project: string, stack: string): string[] {
  const copies = [pulumiFolder(root), join(pulumiFolder(root), "project")].map((at) =>
    join(at, `Pulumi.${stack}.yaml`),
  );
  if (folder === undefined) return copies;
  const kept = ["backups", "history"].map((kind) => join(folder, ".pulumi", kind, project, stack));
  const stacks = join(folder, ".pulumi/stacks", project);
  // Backups of the last state, and what a killed Pulumi was writing: `<stack>.json.bak.<number>.tmp`.
  const last = existsSync(stacks) ? readdirSync(stacks).filter((file) => file.startsWith(`${stack}.json.`)) : [];
  return [...copies, ...kept, ...last.map((file) => join(stacks, file))];
}

async function selectOrMake(name: string, workspace: LocalWorkspace, make: () => Promise<void>): Promise<Stack> {
  try {
    return await Stack.select(name, workspace);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    await make();
    return Stack.select(name, workspace);
  }
}
