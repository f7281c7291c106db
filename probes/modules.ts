import { fromFaults, type Probe } from "./probe.ts";
import { askPostgres, literals } from "./psql.ts";

/** Modules as Odoo's own table has them. */
export interface ModuleStates {
  readonly initialised: boolean;
  /** State by name, of the wanted ones and of all that wait for something. */
  readonly states: { readonly [name: string]: string };
  readonly installed: number;
  /** Installed version of `base`, such as 19.0.1.3. */
  readonly version: string | null;
}

const WAITING = ["to install", "to upgrade", "to remove"];

const states = (modules: readonly string[]) => `
SELECT to_regclass('public.ir_module_module') IS NOT NULL AS initialised \\gset
\\if :initialised
SELECT json_build_object(
  'initialised', true,
  'states', (SELECT coalesce(json_object_agg(name, state), '{}') FROM ir_module_module
              WHERE name = ANY(${literals(modules)}) OR state = ANY(${literals(WAITING)})),
  'installed', (SELECT count(*) FROM ir_module_module WHERE state = 'installed'),
  'version', (SELECT latest_version FROM ir_module_module WHERE name = 'base'));
\\else
SELECT json_build_object('initialised', false, 'states', json_build_object(), 'installed', 0, 'version', NULL);
\\endif`;

/** Odoo's table of modules: all that the stack wants are installed, none waits. Whether they work is for their tests. */
export const modules: Probe = {
  task: "2.7",
  ttlDays: 7,
  needs: "system",
  quick: true,
  mends: ["odoo-init"],
  measure: async (context) => {
    const { database, modules: wanted, heldBecause } = context.settings.odoo;
    const found = await askPostgres<ModuleStates>(context, database, states(wanted));
    const held = heldBecause === undefined ? [] : [`it is held at older code: ${heldBecause}`];
    return fromFaults([...held, ...findModuleFaults(found, wanted)], {
      measured: { ...found, states: { ...found.states } },
      limit: { installed: [...wanted], waiting: [], series: "19.0" },
      held: `${wanted.join(", ")} and what they need are installed (${found.installed} modules, base ${found.version ?? ""}); none waits`,
    });
  },
};

/** What is wrong with the modules, a sentence each. */
export function findModuleFaults({ initialised, states, version }: ModuleStates, wanted: readonly string[]): string[] {
  if (!initialised) return ["the database holds no Odoo"];
  const waiting = Object.entries(states).filter(([, state]) => WAITING.includes(state));
  return [
    ...(version?.startsWith("19.0") === true ? [] : [`base is of version ${version ?? "none"}, not 19.0`]),
    ...wanted
      .filter((name) => states[name] !== "installed" && !WAITING.includes(states[name] ?? ""))
      .map((name) => `${name} is ${states[name] ?? "unknown to Odoo"}`),
    ...waiting.map(([name, state]) => `${name} waits ${state}`),
  ];
}
