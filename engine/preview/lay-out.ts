import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { ownAddons } from "../addons/store.ts";
import { Fault } from "../fault.ts";
import { lendMachine } from "../image-source.ts";
import { writeSmallStack } from "../small-stack.ts";
import { stackConfig } from "../stack-plan.ts";
import { git } from "../worktree.ts";
import { previewsFolder, treeOf } from "./preview.ts";

export interface LayOutArgs {
  readonly root: string;
  /** The stack that previews are made beside. */
  readonly like: string;
  /** Name of the preview's stack. */
  readonly stack: string;
  readonly commit: string;
  readonly httpsPort: number;
}

/**
 * Lays a commit's sources out in a folder that stays, with the file of a small stack of them. How the stack is kept apart
 * is decided by the settings that are checked out here; of the commit's own only its modules are taken.
 *
 * @returns the folder.
 */
export async function layOut({ root, like, stack, commit, httpsPort }: LayOutArgs): Promise<string> {
  const tree = treeOf(root, stack);
  mkdirSync(previewsFolder(root), { recursive: true, mode: 0o700 });
  if (existsSync(join(tree, ".git"))) await must(tree, ["checkout", "--quiet", "--force", "--detach", commit]);
  else {
    // Half of one, from a run that was killed.
    await git(root, ["worktree", "remove", "--force", tree]);
    rmSync(tree, { recursive: true, force: true });
    await must(root, ["worktree", "add", "--quiet", "--force", "--detach", tree, commit]);
  }
  if (existsSync(join(root, "node_modules")) && !existsSync(join(tree, "node_modules")))
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  writeSmallStack({
    ...{ root, like, name: stack, into: tree },
    settings: {
      stage: "development",
      domain: domainOf(root, like, stack),
      // A public authority certifies at its own ports alone.
      edge: { httpsPort, httpPort: httpsPort + 1, tls: "internal" },
      odoo: { modules: modulesOf(tree, like), demoData: true, egress: false },
    },
  });
  lendMachine(root, tree, like, stack);
  return tree;
}

/** Domain of a preview: below that of the stack that it is made beside, so that whoever reaches the one reaches the other. */
export function domainOf(root: string, like: string, stack: string): string {
  return `${stack}.${stackConfig(root, like)["odoo-platform:domain"] ?? "localhost"}`;
}

/** Removes such a folder. */
export async function remove(root: string, stack: string): Promise<void> {
  const tree = treeOf(root, stack);
  await git(root, ["worktree", "remove", "--force", tree]);
  rmSync(tree, { recursive: true, force: true });
  await git(root, ["worktree", "prune"]);
}

const schema = z.object({
  config: z.object({
    "odoo-platform:odoo": z.object({
      modules: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a module's technical name")),
    }),
  }),
});

/** Modules that the commit's own stack of this name asks for, and all of its first-party modules. */
function modulesOf(tree: string, stack: string): string[] {
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(join(tree, file)))
    throw new Fault(`The commit has no ${file}, which names the modules that it is tried with.`);
  const { data, error } = schema.safeParse(parse(readFileSync(join(tree, file), "utf8")));
  if (data === undefined) throw new Fault(`${file} of the commit names no modules:\n${z.prettifyError(error)}`);
  return [...new Set([...data.config["odoo-platform:odoo"].modules, ...ownAddons(tree)])];
}

async function must(folder: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await git(folder, args);
  if (exitCode !== 0) throw new Fault(`The sources can't be laid out: ${stderr.trim()}`);
}
