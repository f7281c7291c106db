import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  EMPTY_LOCK,
  findLockFaults,
  type Lock,
  lockSchema,
  type Provided,
  providedSchema,
} from "../../gates/addons/lock.ts";
import { LOCK_FILE, LOCK_FILES, lockText, requirementsText, sumsText } from "../../gates/addons/lock-files.ts";
import { sentences } from "../../stacks/config-fault.ts";
import { Fault } from "../fault.ts";
import { writeWhole } from "../write-whole.ts";

/** Where our own addons and those from Git are: in the folder that Odoo's image is built from. */
export const ADDONS_FOLDER = "docker/odoo/addons";
const PROVIDED_FILE = "docker/odoo/provided.json";

/** A lock with what is wrong with it. */
export interface ReadLock {
  /** Absent where its entries aren't even what entries are. */
  readonly lock: Lock | undefined;
  readonly faults: readonly string[];
}

/** Reads oca.lock.json, judges it, and compares what is rendered from it. Changes nothing, asks nobody. */
export function readLock(root: string): ReadLock {
  if (!existsSync(join(root, LOCK_FILE))) return { lock: undefined, faults: [`${LOCK_FILE} is missing`] };
  const text = readFileSync(join(root, LOCK_FILE), "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { lock: undefined, faults: [`${LOCK_FILE} is not JSON`] };
  }
  const { data: lock, error } = lockSchema.safeParse(value);
  if (lock === undefined) return { lock, faults: error.issues.flatMap((issue) => sentences(issue, value)) };
  const rendered = lockFiles(lock);
  const drifted = Object.entries(rendered).filter(([path, wanted]) => textAt(root, path) !== wanted);
  return {
    lock,
    faults: [
      ...findLockFaults(lock, readProvided(root), ownAddons(root)),
      ...drifted.map(([path]) => `${path} is not what the lock renders to`),
    ],
  };
}

/** The lock to work on. @throws Fault with everything that is wrong with it; one that isn't there is empty. */
export function lockToChange(root: string): Lock {
  if (!existsSync(join(root, LOCK_FILE))) return EMPTY_LOCK;
  const { lock, faults } = readLock(root);
  if (lock === undefined)
    throw new Fault(`${LOCK_FILE} can't be read:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  return lock;
}

/** The lock, which must hold. @throws Fault with everything that is wrong with it. */
export function soundLock(root: string): Lock {
  const { lock, faults } = readLock(root);
  if (lock === undefined || faults.length > 0) throw new Fault(`the lock does not hold: ${faults.join("; ")}`);
  return lock;
}

/** Writes the lock and what is rendered from it; files that are right already are left alone. @returns paths written. */
export function writeLock(root: string, lock: Lock): string[] {
  const faults = findLockFaults(lock, readProvided(root), ownAddons(root));
  if (faults.length > 0)
    throw new Fault(`Not written, since it would not hold:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  return Object.entries(lockFiles(lock)).flatMap(([path, text]) => {
    if (textAt(root, path) === text) return [];
    writeWhole(join(root, path), text);
    return [path];
  });
}

/** What Odoo's image brings. */
export function readProvided(root: string): Provided {
  const parsed = providedSchema.safeParse(JSON.parse(textAt(root, PROVIDED_FILE) ?? "null"));
  if (parsed.data === undefined)
    throw new Fault(
      `${PROVIDED_FILE} does not list Odoo's modules; \`git checkout -- ${PROVIDED_FILE}\` brings it back`,
    );
  return parsed.data;
}

/** Names of the first-party addons. */
export function ownAddons(root: string): string[] {
  const folder = join(root, ADDONS_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "__manifest__.py")))
    .map(({ name }) => name)
    .sort();
}

function lockFiles(lock: Lock): { [path: string]: string } {
  return {
    [LOCK_FILE]: lockText(lock),
    [LOCK_FILES.requirements]: requirementsText(lock),
    [LOCK_FILES.sums]: sumsText(lock),
  };
}

function textAt(root: string, path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}
