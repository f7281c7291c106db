import type { Lock } from "./lock.ts";

/** Where what is rendered from the lock goes: the image's build reads these, and stock pip can. */
export const LOCK_FILES = {
  requirements: "docker/odoo/addons/requirements.txt",
  sums: "docker/odoo/addons/addons.sum",
} as const;

export const LOCK_FILE = "oca.lock.json";

const NOTICE = "# Generated from oca.lock.json by `npm run platform -- lock`; don't edit.";

/** The lock as it is kept: sorted and indented, so that equal locks are equal bytes and a review shows what changed. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(sorted(lock), null, 2)}\n`;
}

/** Every wheel with its hash, as pip takes it: `pip download --no-deps --require-hashes -r`. */
export function requirementsText({ addons, python }: Lock): string {
  const wheels = Object.values(addons).flatMap((addon) => (addon.source === "pypi" ? [pin(addon.dist, addon)] : []));
  const others = Object.entries(python).map(([name, locked]) => pin(name, locked));
  return [NOTICE, ...[...wheels, ...others].sort(), ""].join("\n");
}

/** Digest, name and source of every addon. */
export function sumsText({ addons }: Lock): string {
  const lines = Object.entries(addons).map(
    ([name, addon]) => `${addon.digest} ${name} ${addon.source === "git" ? addon.path : "wheel"}`,
  );
  return [NOTICE, ...lines.sort((a, b) => (a.slice(65) < b.slice(65) ? -1 : 1)), ""].join("\n");
}

function pin(name: string, { version, sha256 }: { version: string; sha256: string }): string {
  return `${name}==${version} --hash=sha256:${sha256}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
