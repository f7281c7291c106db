import { createHash } from "node:crypto";

import type { Lock, LockedAddon, LockedPython } from "../../../gates/addons/lock.ts";

type FromPypi = Extract<LockedAddon, { source: "pypi" }>;
type FromGit = Extract<LockedAddon, { source: "git" }>;

export function sha(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function pypiAddon(name: string, changes: Partial<FromPypi> = {}): FromPypi {
  return {
    source: "pypi",
    dist: `odoo-addon-${name}`,
    version: "19.0.1.0.0",
    file: `odoo_addon_${name}-19.0.1.0.0-py3-none-any.whl`,
    sha256: sha(name),
    digest: sha(`digest of ${name}`),
    repo: "OCA/tools",
    licence: "AGPL-3",
    depends: ["base"],
    python: [],
    wanted: false,
    ...changes,
  };
}

export function gitAddon(name: string, changes: Partial<FromGit> = {}): FromGit {
  return {
    source: "git",
    commit: "0123456789012345678901234567890123456789",
    path: `oca/tools/${name}`,
    version: "19.0.1.0.0",
    digest: sha(`digest of ${name}`),
    repo: "https://git.example.com/tools.git",
    licence: "AGPL-3",
    depends: ["base"],
    python: [],
    wanted: true,
    ...changes,
  };
}

export function lockOf(
  addons: Readonly<Record<string, LockedAddon>>,
  python: Readonly<Record<string, Partial<LockedPython>>> = {},
): Lock {
  return {
    lockfileVersion: 1,
    odoo: "19.0",
    addons,
    python: Object.fromEntries(
      Object.entries(python).map(([name, changes]) => [
        name,
        { version: "1.0", file: `${name}-1.0-py3-none-any.whl`, sha256: sha(name), python: [], ...changes },
      ]),
    ),
  };
}
