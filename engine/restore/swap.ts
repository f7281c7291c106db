import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import type { Say } from "../engine.ts";
import { runHelper } from "../volume-helper.ts";

/** Users that own the data of the two volumes, and the service whose image does the copying. */
const PARTS = [
  { service: "postgres", user: "999:999", volume: "postgres-data", from: "postgres", path: "17", name: "main" },
  { service: "odoo", user: "100:101", volume: "odoo-filestore", from: "odoo", path: "filestore", name: undefined },
] as const;

/** Data beside what is served, in the volumes of a stack: `<name>.restored` before the swap, `<name>.before` after it. */
export interface SwapArgs {
  readonly docker: Docker;
  readonly plan: Plan;
  /** Odoo's database, which names its filestore. */
  readonly database: string;
  /** Volumes that hold the restored data. */
  readonly kept: { readonly postgres: string; readonly odoo: string };
  readonly say: Say;
}

/**
 * Copies restored data beside what is served, while that goes on serving. What an earlier, interrupted restore copied is
 * copied anew.
 */
export async function layBeside({ docker, plan, database, kept, say }: SwapArgs): Promise<void> {
  for (const part of PARTS) {
    const name = part.name ?? database;
    say(`copying ${part.from} beside what is served`);
    await runHelper(docker, plan, {
      ...part,
      script: LAY_BESIDE,
      args: [`/live/${part.path}`, name, `/restored/${part.path}/${name}`],
      mounts: [`${kept[part.from]}:/restored:ro`],
    });
  }
}

/** Puts the copies in the place of what was served, which stays as `<name>.before`. Nothing may be running on them. */
export async function swapIn({ docker, plan, database }: Omit<SwapArgs, "kept" | "say">): Promise<void> {
  for (const part of PARTS)
    await runHelper(docker, plan, {
      ...part,
      script: SWAP_IN,
      args: [`/live/${part.path}`, part.name ?? database],
    });
}

/** Puts back what was served before; what was restored is gone. @throws Fault where nothing was kept. */
export async function swapBack({ docker, plan, database }: Omit<SwapArgs, "kept" | "say">): Promise<void> {
  for (const part of PARTS)
    await runHelper(docker, plan, {
      ...part,
      script: SWAP_BACK,
      args: [`/live/${part.path}`, part.name ?? database],
    });
}

/** The restore is done: from here on a next one may replace what is kept. */
export async function settleSwap({ docker, plan, database }: Omit<SwapArgs, "kept" | "say">): Promise<void> {
  for (const part of PARTS)
    await runHelper(docker, plan, {
      ...part,
      script: 'rm -f "$1/$2.restoring"',
      args: [`/live/${part.path}`, part.name ?? database],
    });
}

/** Removes what was kept. */
export async function forgetBefore({ docker, plan, database }: Omit<SwapArgs, "kept" | "say">): Promise<void> {
  for (const part of PARTS)
    await runHelper(docker, plan, {
      ...part,
      script: 'rm -rf "$1/$2.before"',
      args: [`/live/${part.path}`, part.name ?? database],
    });
}

const LAY_BESIDE = `
  mkdir -p "$1"
  rm -rf "$1/$2.restored" "$1/$2.copying"
  cp -a "$3" "$1/$2.copying"
  sync "$1"
  mv "$1/$2.copying" "$1/$2.restored"
`;

/**
 * `.restoring` stands from before the first move until the restore is done. While it stands, \`.before\` is what was
 * served when it all began, and a repeated restore doesn't touch it.
 */
const SWAP_IN = `
  [ -d "$1/$2.restored" ] || { echo "there is no $2.restored to swap in" >&2; exit 1; }
  if [ -e "$1/$2.restoring" ]; then
    [ ! -d "$1/$2.before" ] || rm -rf "$1/$2"
  else
    rm -rf "$1/$2.before"
    touch "$1/$2.restoring"
    sync "$1"
  fi
  [ ! -d "$1/$2" ] || mv "$1/$2" "$1/$2.before"
  mv "$1/$2.restored" "$1/$2"
  sync "$1"
`;

const SWAP_BACK = `
  [ -d "$1/$2.before" ] || { echo "nothing is kept from before: there is no $2.before" >&2; exit 1; }
  rm -rf "$1/$2"
  mv "$1/$2.before" "$1/$2"
  rm -f "$1/$2.restoring"
  rm -rf "$1/$2.restored"
  sync "$1"
`;
