import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { x } from "tinyexec";

import type { Lock, LockedAddon } from "../../gates/addons/lock.ts";
import { normalName, SERIES } from "../../gates/addons/lock.ts";
import { Fault } from "../fault.ts";
import { inspectAddons } from "./python.ts";
import { allowedLicence } from "./resolve.ts";
import { ADDONS_FOLDER } from "./store.ts";

export interface GitAddons {
  /** Address of the repository. */
  readonly url: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  readonly names: readonly string[];
}

/**
 * Takes addons from a commit of a Git repository: as a submodule below addons/oca/, whose commit the superproject
 * records.
 *
 * @throws Fault where that commit is no full one or isn't there, or has no such addon for Odoo's series.
 */
export async function addGitAddons(
  root: string,
  { url, commit, names }: GitAddons,
): Promise<Record<string, LockedAddon>> {
  if (!/^[0-9a-f]{40}$/.test(commit))
    throw new Fault(`--commit must be 40 hexadecimal digits, never a branch or HEAD; got ${commit}`, 2);
  const repository = basename(url).replace(/\.git$/, "");
  const folder = `oca/${repository}`;
  const path = `${ADDONS_FOLDER}/${folder}`;
  if (!existsSync(join(root, path))) await git(root, ["submodule", "--quiet", "add", "--", url, path]);
  const tree = join(root, path);
  const known = await x("git", ["cat-file", "-e", `${commit}^{commit}`], { nodeOptions: { cwd: tree } });
  if (known.exitCode !== 0) await git(tree, ["fetch", "--quiet", "origin", commit]);
  await git(tree, ["checkout", "--quiet", "--detach", commit]);
  await git(root, ["add", "--", path]);
  const missing = names.filter((name) => !existsSync(join(tree, name, "__manifest__.py")));
  if (missing.length > 0) throw new Fault(`${url} has no addon ${missing.join(", ")} at ${commit}`);
  const read = await inspectAddons(
    root,
    names.map((name) => join(tree, name)),
  );
  return Object.fromEntries(
    read.map(({ module: name = "", digest = "", manifest }) => {
      if (manifest?.version.startsWith(`${SERIES}.`) !== true)
        throw new Fault(`${name} of ${url} is of version ${manifest?.version ?? "none"}, not for Odoo ${SERIES}`);
      return [
        name,
        {
          source: "git",
          repo: url,
          ...{ commit, digest },
          path: `${folder}/${name}`,
          version: manifest.version,
          licence: allowedLicence(name, manifest.license),
          depends: manifest.depends,
          python: [...new Set(manifest.python.map(normalName))].sort(),
          wanted: true,
        },
      ];
    }),
  );
}

/** What is wrong with the addons from Git that are checked out, a sentence each. */
export async function findGitFaults(root: string, { addons }: Lock): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, addon] of Object.entries(addons)) {
    if (addon.source !== "git") continue;
    const folder = join(root, ADDONS_FOLDER, addon.path);
    if (!existsSync(join(folder, "__manifest__.py"))) {
      faults.push(`${name} is not checked out; run \`git submodule update --init\``);
      continue;
    }
    const head = (await git(join(folder, ".."), ["rev-parse", "HEAD"])).trim();
    if (head !== addon.commit) faults.push(`${addon.path} is checked out at ${head}; the lock says ${addon.commit}`);
    const [read] = await inspectAddons(root, [folder]);
    if (read?.digest !== addon.digest)
      faults.push(`${name} has digest ${read?.digest ?? "none"}; the lock says ${addon.digest}`);
  }
  return faults;
}

/** Removes submodules of which nothing is locked any more. */
export async function removeUnusedSubmodules(root: string, before: Lock, after: Lock): Promise<void> {
  const repositories = ({ addons }: Lock) =>
    new Set(
      Object.values(addons).flatMap((addon) => (addon.source === "git" ? [addon.path.replace(/\/[^/]+$/, "")] : [])),
    );
  const kept = repositories(after);
  for (const repository of repositories(before))
    if (!kept.has(repository)) await git(root, ["rm", "--quiet", "--force", "--", `${ADDONS_FOLDER}/${repository}`]);
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await x("git", [...args], { nodeOptions: { cwd } });
  if (exitCode !== 0) throw new Fault(`git ${args[0] ?? ""} in ${cwd}: ${stderr.trim()}`);
  return stdout;
}
