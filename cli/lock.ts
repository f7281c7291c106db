import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Command, InvalidArgumentError } from "commander";

import { addGitAddons, findGitFaults, removeUnusedSubmodules } from "../engine/addons/git.ts";
import { downloadWheels, inspectAddons } from "../engine/addons/python.ts";
import { resolve } from "../engine/addons/resolve.ts";
import { lockToChange, ownAddons, readLock, readProvided, writeLock } from "../engine/addons/store.ts";
import { Fault } from "../engine/fault.ts";
import { type Lock, normalName, pruned, whyLocked } from "../gates/addons/lock.ts";
import { requirementsText } from "../gates/addons/lock-files.ts";
import { projectRoot } from "./context.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

export function register(command: Command): void {
  command.addHelpText(
    "after",
    "\noca.lock.json pins every addon that isn't ours by hash or commit, with all that it needs; Odoo's image is built from it.\n\nExamples:\n  npm run platform -- lock add queue_job web_responsive\n  npm run platform -- lock add --git https://git.example.com/tools.git --commit <40 digits> stock_tool\n  npm run platform -- lock why report_xlsx",
  );
  command
    .command("add")
    .description(
      "lock addons, and what they need: the newest for Odoo 19.0 from the package index, or a commit of a Git repository",
    )
    .argument("<addons...>", "technical names, with ==version where it must be that one", addonNames)
    .option("--git <url>", "take them from this repository")
    .option("--commit <digits>", "its commit: 40 hexadecimal digits")
    .action(add);
  command
    .command("remove")
    .description("unlock addons, and what only they needed")
    .argument("<addons...>", "technical names", addonNames)
    .action(remove);
  command
    .command("update")
    .description("look addons from the package index up anew, all or some; nothing newer changes no byte")
    .argument("[addons...]", "technical names", addonNames)
    .action(update);
  command
    .command("check")
    .description(
      "is the lock whole, licensed, closed over its dependencies, and rendered? With --online: has the index the same bytes?",
    )
    .option("--online", "download every wheel and compare hashes and digests")
    .action(check);
  command.command("why").description("what asked for an addon").argument("<addon>", "technical name").action(why);
}

async function add(names: readonly string[], { git, commit }: { git?: string; commit?: string }): Promise<void> {
  const root = projectRoot();
  if ((git === undefined) !== (commit === undefined)) throw new Fault("--git and --commit go together", 2);
  const lock = lockToChange(root);
  const provided = readProvided(root);
  const clash = names.filter((name) => provided.modules.includes(name) || ownAddons(root).includes(name));
  if (clash.length > 0) throw new Fault(`${clash.join(", ")} need no lock: Odoo CE or this project has them already`);
  const found = git === undefined || commit === undefined ? {} : await addGitAddons(root, { url: git, commit, names });
  finish(root, lock, await resolve({ root, lock, provided, ask: names, found, say }));
}

async function remove(names: readonly string[]): Promise<void> {
  const root = projectRoot();
  const lock = lockToChange(root);
  const strange = names.filter((name) => lock.addons[name] === undefined);
  if (strange.length > 0) throw new Fault(`${strange.join(", ")} is not locked`);
  const addons = Object.fromEntries(
    Object.entries(lock.addons).map(([name, addon]) => [
      name,
      names.includes(name) ? { ...addon, wanted: false } : addon,
    ]),
  );
  const after = pruned({ ...lock, addons });
  const needed = names.filter((name) => after.addons[name] !== undefined);
  if (needed.length > 0)
    throw new Fault(needed.map((name) => `${name} is needed: ${whyLocked(after, name).join("; ")}`).join("\n"));
  await removeUnusedSubmodules(root, lock, after);
  finish(root, lock, after);
}

async function update(names: readonly string[]): Promise<void> {
  const root = projectRoot();
  const lock = lockToChange(root);
  const fromIndex = Object.entries(lock.addons).flatMap(([name, { source }]) => (source === "pypi" ? [name] : []));
  const strange = names.filter((name) => !fromIndex.includes(name));
  if (strange.length > 0) throw new Fault(`${strange.join(", ")} is not locked from the package index`);
  const renew = names.length === 0 ? fromIndex : names;
  finish(root, lock, await resolve({ root, lock, provided: readProvided(root), ask: [], renew, say }));
}

/** Writes the lock, and says in one line for each addon what changed. */
function finish(root: string, before: Lock, after: Lock): void {
  const written = writeLock(root, after);
  for (const name of [...new Set([...Object.keys(before.addons), ...Object.keys(after.addons)])].sort()) {
    const [was, is] = [before.addons[name], after.addons[name]].map((addon) =>
      addon === undefined ? undefined : addon.source === "git" ? addon.commit.slice(0, 12) : addon.version,
    );
    if (was !== is) print(`${name}: ${was ?? "new"} → ${is ?? "removed"}`);
  }
  print(
    written.length === 0
      ? "Nothing changed."
      : `Wrote ${written.join(", ")}. \`npm run up\` builds Odoo's image from it.`,
  );
}

async function check({ online = false }: { online?: boolean }): Promise<void> {
  const root = projectRoot();
  const { lock, faults } = readLock(root);
  const all = [
    ...faults,
    ...(lock === undefined ? [] : await findGitFaults(root, lock)),
    ...(online && lock !== undefined ? await findIndexFaults(root, lock) : []),
  ];
  if (all.length > 0) throw new Fault(`oca.lock.json does not hold:\n${all.map((fault) => `  - ${fault}`).join("\n")}`);
  const count = Object.keys(lock?.addons ?? {}).length;
  print(`${count} addons, closed over their dependencies${online ? "; the package index has the same bytes" : ""}.`);
}

/** Compares what the index has with the lock: pip refuses other bytes, and what is inside is read anew. */
async function findIndexFaults(root: string, lock: Lock): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "addons-check-"));
  try {
    const pins = requirementsText(lock)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    say(`downloading ${pins.length} wheels`);
    const wheels = await inspectAddons(
      root,
      await downloadWheels(
        pins.map((pin) => pin.split(" ")[0] ?? ""),
        folder,
      ),
    );
    const hashes = new Map(wheels.map((wheel) => [normalName(wheel.dist ?? ""), wheel]));
    return [
      ...Object.entries(lock.addons).flatMap(([name, addon]) => {
        if (addon.source !== "pypi") return [];
        const { sha256, digest } = hashes.get(normalName(addon.dist)) ?? {};
        return sha256 === addon.sha256 && digest === addon.digest
          ? []
          : [`${name}: the index has sha256 ${sha256 ?? "none"}; the lock says ${addon.sha256}`];
      }),
      ...Object.entries(lock.python).flatMap(([name, locked]) =>
        hashes.get(name)?.sha256 === locked.sha256
          ? []
          : [`Python's ${name}: the index has other bytes than the lock says`],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function why(name: string): void {
  const { lock } = readLock(projectRoot());
  const ways = lock === undefined ? [] : whyLocked(lock, name);
  if (ways.length === 0) throw new Fault(`${name} is not locked`);
  for (const way of ways) print(way === name ? `${name} was asked for` : way);
}

function addonNames(value: string, before: readonly string[] | undefined): string[] {
  if (!/^[a-z][a-z0-9_]*(==19\.0[\d.]*)?$/.test(value))
    throw new InvalidArgumentError("An addon is named as Odoo names it, such as queue_job or queue_job==19.0.2.4.0.1.");
  return [...(before ?? []), value];
}
