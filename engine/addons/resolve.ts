import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Lock,
  type LockedAddon,
  type LockedPython,
  LICENCES,
  normalName,
  type Provided,
  pruned,
  SERIES,
} from "../../gates/addons/lock.ts";
import { Fault } from "../fault.ts";
import { downloadWheels, type Inspected, inspectAddons } from "./python.ts";

export interface ResolveArgs {
  readonly root: string;
  readonly lock: Lock;
  readonly provided: Provided;
  /** Addons that are asked for: by name, with `==version` where it must be that one. */
  readonly ask: readonly string[];
  /** Addons to look up anew even where they are locked. @default none */
  readonly renew?: readonly string[];
  /** Addons from Git that were read already. @default none */
  readonly found?: Readonly<Record<string, LockedAddon>>;
  readonly say?: (line: string) => void;
}

/**
 * The lock with what is asked for, and with everything that it needs: the newest wheels of Odoo's series from the
 * package index; what is locked stays as it is unless it is to be looked up anew.
 *
 * @throws Fault for what the index doesn't have, and for licences that are not allowed.
 */
export async function resolve({ root, lock, provided, ask, renew = [], found = {}, say }: ResolveArgs): Promise<Lock> {
  const folder = mkdtempSync(join(tmpdir(), "addons-"));
  try {
    const wanted = new Set([...ask.map(nameOf), ...wantedOf(lock)]);
    const kept = Object.entries(lock.addons).filter(
      ([name]) => !renew.includes(name) && !ask.some((one) => nameOf(one) === name),
    );
    const addons: Record<string, LockedAddon> = { ...Object.fromEntries(kept), ...found };
    let queue = [...ask, ...renew.filter((name) => !ask.some((one) => nameOf(one) === name))].filter(
      (one) => found[nameOf(one)] === undefined,
    );
    for (let round = 0; ; round++) {
      queue = [...new Set([...queue, ...missingOf(addons, provided)])];
      if (queue.length === 0) break;
      say?.(`looking up ${queue.length === 1 ? queue[0] : `${queue.length} addons`}`);
      for (const addon of await fetchAddons(root, queue, join(folder, String(round))))
        addons[addon.name] = addon.locked;
      queue = [];
    }
    const marked = Object.fromEntries(
      Object.entries(addons).map(([name, addon]) => [name, { ...addon, wanted: wanted.has(name) }]),
    );
    const python = await resolvePython({ root, provided, locked: renew.length > 0 ? {} : lock.python, folder }, marked);
    return pruned({ ...lock, addons: marked, python });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Modules that are needed, and neither locked nor Odoo's. */
function missingOf(addons: Readonly<Record<string, LockedAddon>>, { modules }: Provided): string[] {
  return Object.values(addons)
    .flatMap(({ depends }) => depends)
    .filter((name) => addons[name] === undefined && !modules.includes(name));
}

async function fetchAddons(
  root: string,
  asked: readonly string[],
  folder: string,
): Promise<{ name: string; locked: LockedAddon }[]> {
  const requirements = asked.map((one) => {
    const [name = "", version = `${SERIES}.*`] = one.split("==");
    return `odoo-addon-${name.replaceAll("_", "-")}==${version}`;
  });
  return (await inspectAddons(root, await downloadWheels(requirements, folder))).map(lockedFrom);
}

function lockedFrom(wheel: Inspected): { name: string; locked: LockedAddon } {
  const { dist = "", version = "", file = "", sha256 = "", digest = "", module: name, manifest, requires = [] } = wheel;
  if (name === undefined || manifest === undefined) throw new Fault(`${file} holds no addon`);
  return {
    name,
    locked: {
      source: "pypi",
      ...{ dist, version, file, sha256, digest },
      repo: repoOf(manifest.website),
      licence: allowedLicence(name, manifest.license),
      depends: manifest.depends,
      python: [...new Set(requires.map(normalName))]
        .filter((one) => one !== "odoo" && !one.startsWith("odoo-addon-"))
        .sort(),
      wanted: false,
    },
  };
}

/** @throws Fault where a manifest's licence is none that may be run beside Odoo CE. */
export function allowedLicence(name: string, licence: string): (typeof LICENCES)[number] {
  const allowed = LICENCES.find((one) => one === licence);
  if (allowed === undefined)
    throw new Fault(
      `${name} is licensed under ${licence === "" ? "nothing" : licence}; allowed are ${LICENCES.join(", ")}`,
    );
  return allowed;
}

function repoOf(website: string): string {
  return /^https:\/\/[^/]+\/(OCA\/[\w.-]+)/.exec(website)?.[1] ?? website;
}

interface PythonArgs {
  readonly root: string;
  readonly provided: Provided;
  readonly locked: Readonly<Record<string, LockedPython>>;
  readonly folder: string;
}

async function resolvePython(
  { root, provided, locked, folder }: PythonArgs,
  addons: Readonly<Record<string, LockedAddon>>,
): Promise<Record<string, LockedPython>> {
  const python: Record<string, LockedPython> = { ...locked };
  for (let round = 0; ; round++) {
    const needed = [...Object.values(addons), ...Object.values(python)].flatMap((one) => one.python);
    const missing = [...new Set(needed)].filter(
      (name) => python[name] === undefined && !provided.python.includes(name),
    );
    if (missing.length === 0) return python;
    const wheels = await inspectAddons(root, await downloadWheels(missing, join(folder, `python-${round}`)));
    for (const { dist = "", version = "", file = "", sha256 = "", requires = [] } of wheels)
      python[normalName(dist)] = { version, file, sha256, python: [...new Set(requires.map(normalName))].sort() };
  }
}

function wantedOf({ addons }: Lock): string[] {
  return Object.entries(addons).flatMap(([name, { wanted }]) => (wanted ? [name] : []));
}

function nameOf(asked: string): string {
  return asked.split("==")[0] ?? "";
}
