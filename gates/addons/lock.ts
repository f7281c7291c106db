import { z } from "zod";

/** Series of Odoo that addons are made for: the first two numbers of their versions. */
export const SERIES = "19.0";

/**
 * Licences that may be run beside Odoo CE (LGPL-3) and AGPL-3 addons, as manifests spell them. Proprietary ones are
 * refused: OEEL-1 is Odoo Enterprise, OPL-1 forbids to redistribute.
 */
export const LICENCES = [
  "AGPL-3",
  "LGPL-3",
  "GPL-3",
  "GPL-3 or any later version",
  "Other OSI approved licence",
] as const;

const moduleName = z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a technical module name such as queue_job");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits");
const wheelFile = z.string().regex(/-none-any\.whl$/, "must be a wheel for any platform (…-none-any.whl)");

const common = {
  /** Where it is developed: `OCA/queue`, or the address of a Git repository. */
  repo: z.string().min(1, "must say where the addon is developed"),
  licence: z.enum(LICENCES),
  /** Modules that it needs, of the lock or of Odoo CE. */
  depends: z.array(moduleName),
  /** Python distributions that it needs, by their normalised names. */
  python: z.array(z.string()),
  /** Digest of its files; docker/odoo/platform_addons.py says how it is made. */
  digest: sha256,
  /** Was it asked for, or is it here because another one needs it? */
  wanted: z.boolean(),
};

const fromPypi = z.strictObject({
  source: z.literal("pypi"),
  dist: z.string().regex(/^odoo-addon-/, "must be a distribution of the OCA, odoo-addon-…"),
  version: z.string().regex(/^19\.0(\.\d+)+$/, `must be a version for Odoo ${SERIES}, such as 19.0.1.0.0`),
  file: wheelFile,
  sha256,
  ...common,
});

const fromGit = z.strictObject({
  source: z.literal("git"),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "must be a commit of 40 hexadecimal digits, never a branch or HEAD"),
  /** Folder below addons/, in a submodule. */
  path: z.string().regex(/^oca\/[\w.-]+\/[a-z][a-z0-9_]*$/, "must be oca/<repository>/<addon>"),
  version: z.string().regex(/^19\.0(\.\d+)+$/, `must be a version for Odoo ${SERIES}, such as 19.0.1.0.0`),
  ...common,
});

const lockedAddon = z.discriminatedUnion("source", [fromPypi, fromGit]);

/** A Python distribution that addons need and Odoo doesn't. */
const lockedPython = z.strictObject({
  version: z.string().min(1),
  file: wheelFile,
  sha256,
  /** What it needs itself. */
  python: z.array(z.string()),
});

export const lockSchema = z.strictObject({
  lockfileVersion: z.literal(1),
  odoo: z.literal(SERIES),
  addons: z.record(moduleName, lockedAddon),
  python: z.record(z.string(), lockedPython),
});

/** oca.lock.json: every addon that isn't ours, by name. */
export type Lock = z.output<typeof lockSchema>;
export type LockedAddon = z.output<typeof lockedAddon>;
export type LockedPython = z.output<typeof lockedPython>;

/** What Odoo's image brings: docker/odoo/provided.json. */
export const providedSchema = z.strictObject({ modules: z.array(moduleName), python: z.array(z.string()) });
export type Provided = z.output<typeof providedSchema>;

export const EMPTY_LOCK: Lock = { lockfileVersion: 1, odoo: SERIES, addons: {}, python: {} };

/** As PyPI compares names: lower case, with single hyphens. */
export function normalName(requirement: string): string {
  const [name = ""] = /^[A-Za-z0-9._-]+/.exec(requirement.trim()) ?? [];
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** What is wrong with a lock whose entries are right in themselves, a sentence each. */
export function findLockFaults(lock: Lock, provided: Provided, own: readonly string[] = []): string[] {
  const modules = new Set([...provided.modules, ...Object.keys(lock.addons)]);
  const python = new Set([...provided.python, ...Object.keys(lock.python)]);
  const needed = reachable(lock);
  return [
    ...Object.entries(lock.addons).flatMap(([name, addon]) => [
      ...(provided.modules.includes(name) ? [`${name} is a module of Odoo CE`] : []),
      ...(own.includes(name) ? [`${name} is one of our own addons`] : []),
      ...addon.depends
        .filter((other) => !modules.has(other))
        .map((other) => `${name} needs ${other}, which is not locked`),
      ...addon.python
        .filter((other) => !python.has(other))
        .map((other) => `${name} needs the Python distribution ${other}, which is not locked`),
      ...(addon.source === "pypi"
        ? findNameFaults(name, addon)
        : addon.path.endsWith(`/${name}`)
          ? []
          : [`${name} lies in ${addon.path}`]),
      ...(needed.addons.has(name) ? [] : [`${name} was not asked for, and nothing needs it`]),
    ]),
    ...Object.entries(lock.python).flatMap(([name, { python: requires }]) => [
      ...requires
        .filter((other) => !python.has(other))
        .map((other) => `Python's ${name} needs ${other}, which is not locked`),
      ...(needed.python.has(name) ? [] : [`nothing needs Python's ${name}`]),
    ]),
  ];
}

function findNameFaults(name: string, { dist, file, version }: Extract<LockedAddon, { source: "pypi" }>): string[] {
  const wanted = `odoo_addon_${name}-${version}-`;
  return [
    ...(normalName(dist) === `odoo-addon-${name.replaceAll("_", "-")}` ? [] : [`${name} is locked as ${dist}`]),
    ...(file.startsWith(wanted) ? [] : [`${name} ${version} is locked as ${file}`]),
  ];
}

/** Names of what was asked for, and of all that it needs. */
export function reachable(lock: Lock): { addons: ReadonlySet<string>; python: ReadonlySet<string> } {
  const addons = new Set<string>();
  const python = new Set<string>();
  const addPython = (name: string): void => {
    const found = lock.python[name];
    if (found === undefined || python.has(name)) return;
    python.add(name);
    found.python.forEach(addPython);
  };
  const addAddon = (name: string): void => {
    const found = lock.addons[name];
    if (found === undefined || addons.has(name)) return;
    addons.add(name);
    found.depends.forEach(addAddon);
    found.python.forEach(addPython);
  };
  for (const [name, { wanted }] of Object.entries(lock.addons)) if (wanted) addAddon(name);
  return { addons, python };
}

/** A lock without what nothing needs any more. */
export function pruned(lock: Lock): Lock {
  const { addons, python } = reachable(lock);
  const only = <T>(record: { readonly [name: string]: T }, names: ReadonlySet<string>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
  return { ...lock, addons: only(lock.addons, addons), python: only(lock.python, python) };
}

/** The shortest ways from what was asked for to an addon: `a → b → name`. Empty where it isn't locked. */
export function whyLocked(lock: Lock, name: string): string[] {
  if (lock.addons[name] === undefined) return [];
  const users = (of: string) =>
    Object.entries(lock.addons)
      .filter(([, { depends }]) => depends.includes(of))
      .map(([user]) => user);
  const ways: string[] = lock.addons[name].wanted ? [name] : [];
  const seen = new Set([name]);
  let paths = [[name]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) =>
      users(path[0] ?? "")
        .filter((user) => !seen.has(user))
        .map((user) => [user, ...path]),
    );
    for (const [user = ""] of longer) seen.add(user);
    ways.push(...longer.filter(([user = ""]) => lock.addons[user]?.wanted === true).map((path) => path.join(" → ")));
    paths = longer;
  }
  return ways.sort();
}
