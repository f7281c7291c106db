import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readLock } from "../engine/addons/store.ts";
import { fromFaults, type Probe } from "./probe.ts";
import { askPostgres } from "./psql.ts";

const TOOL = "docker/odoo/platform_addons.py";
const FOLDER = "/opt/odoo-addons";
const INSTALLED = "SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM ir_module_module WHERE state = 'installed'";

/**
 * What the running Odoo has of each locked addon has the digest that the lock says. The digests are made in the container
 * by code that is sent there: what the image has of it is not asked. Which modules the database has installed is recorded
 * with it, from Odoo's own table: the tiers of ee_parity_mapping.yml are computed from that.
 */
export const ocaModules: Probe = {
  task: "3.2",
  ttlDays: 7,
  needs: "system",
  mends: ["odoo"],
  measure: async (context) => {
    const { root, exec, settings } = context;
    const { lock, faults } = readLock(root);
    const tool = readFileSync(join(root, TOOL), "utf8");
    const { exitCode, stdout, stderr } = await exec("odoo", ["python3", "-", "digests", FOLDER], { stdin: tool });
    if (exitCode !== 0) throw new Error(`${FOLDER} could not be read in the container: ${stderr.trim().slice(-300)}`);
    const found = JSON.parse(stdout) as Record<string, string>;
    const installed = await askPostgres<string[]>(context, settings.odoo.database, INSTALLED);
    const locked = Object.entries(lock?.addons ?? {});
    const same = locked.filter(([name, { digest }]) => found[name] === digest).map(([name]) => name);
    return fromFaults(
      [
        ...faults,
        ...findDigestFaults(
          locked.map(([name, { digest }]) => [name, digest]),
          found,
        ),
      ],
      {
        measured: { locked: locked.length, same: same.length, installed },
        limit: { same: locked.length },
        held: `Odoo has all ${locked.length} locked addons, byte for byte; ${installed.filter((name) => lock?.addons[name] !== undefined).length} of them are installed here`,
      },
    );
  },
};

/** What differs from the lock, a sentence each. */
export function findDigestFaults(
  locked: readonly (readonly [name: string, digest: string])[],
  found: Readonly<Record<string, string>>,
): string[] {
  if (locked.length === 0) return ["no addon is locked"];
  return locked.flatMap(([name, digest]) => {
    if (found[name] === undefined) return [`${name} is not in the image`];
    return found[name] === digest
      ? []
      : [`${name} has digest ${found[name].slice(0, 12)}; the lock says ${digest.slice(0, 12)}`];
  });
}
