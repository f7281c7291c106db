import { findGitFaults } from "../engine/addons/git.ts";
import { readLock } from "../engine/addons/store.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** Fewer than these, and the lock is no picture of what the company runs. */
const LEAST_ADDONS = 13;

/**
 * The lock is what a lock must be: whole, licensed, closed over its dependencies and Odoo CE, and what is rendered from it
 * for the image's build is what it says. Addons from Git are read from their checkout, commit and digest.
 *
 * Does not prove that the index still has those bytes: `lock check --online` does, and so does each build of the image.
 */
export const ocaLock: Probe = {
  task: "3.1",
  ttlDays: 30,
  needs: "repository",
  measure: async ({ root }) => {
    const { lock, faults } = readLock(root);
    const addons = Object.values(lock?.addons ?? {});
    const all = [
      ...faults,
      ...(addons.length < LEAST_ADDONS
        ? [`${addons.length} addons are locked; ${LEAST_ADDONS} or more are wanted`]
        : []),
      ...(lock === undefined ? [] : await findGitFaults(root, lock)),
    ];
    const repositories = new Set(addons.map(({ repo }) => repo)).size;
    return fromFaults(all, {
      measured: { addons: addons.length, repositories, python: Object.keys(lock?.python ?? {}).length },
      limit: { addons: LEAST_ADDONS, faults: 0 },
      held: `${addons.length} addons of ${repositories} repositories are pinned by hash or commit, licensed, and closed over their dependencies`,
    });
  },
};
