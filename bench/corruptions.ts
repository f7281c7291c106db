import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { connectDocker } from "../engine/docker.ts";
import { planStack } from "../engine/stack-plan.ts";
import { resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { print } from "./report.ts";

interface Judged {
  readonly corruption: string;
  readonly stock: { readonly accepts: boolean; readonly complaints: readonly string[] };
  readonly ours: { readonly accepts: boolean; readonly failed: readonly string[]; readonly says: string };
  /** Which check of ours must notice it; empty for any. */
  readonly expected: string;
}

/**
 * Ten seeded corruptions of a backup, judged by the stock checks of pgBackRest and restic (A) and by the restore test (B),
 * in the backup image of stack dev. The first row is of a backup that nothing is wrong with.
 *
 * @throws Error where ours accepts one, refuses the good one, or notices by another check than is meant to.
 */
export async function benchCorruptions(root: string): Promise<void> {
  const docker = connectDocker();
  const plan = await planStack("dev", { root });
  const image = resourcesOf(plan, TYPES.image).find(({ name }) => name === "backup");
  if (image === undefined) throw new Error("stack dev takes no backups");
  const said = new PassThrough();
  const printed = text(said);
  await docker.run(textOf(image, "imageName"), [], [said, process.stderr], {
    Entrypoint: ["python3", "-m", "corruptions"],
    User: "999:999",
    Tty: false,
    Env: ["PYTHONPATH=/bench:/opt/platform-backup", "PYTHONDONTWRITEBYTECODE=1"],
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      Binds: [`${join(root, "bench")}:/bench:ro`],
      Tmpfs: { "/w": "rw,size=2g,mode=1777" },
    },
  });
  said.end();
  const judged = JSON.parse((await printed).trim().split("\n").at(-1) ?? "") as Judged[];
  const verdict = (accepts: boolean, why: readonly string[]) => (accepts ? "accepts" : `refuses: ${why.join(", ")}`);
  print([
    ["corruption", "stock checks", "ours"],
    ...judged.map(({ corruption, stock, ours }) => [
      corruption,
      verdict(stock.accepts, stock.complaints),
      verdict(ours.accepts, ours.failed),
    ]),
  ]);
  const wrong = judged.filter(
    ({ corruption, ours, expected }) =>
      (corruption === "nothing") !== ours.accepts || (expected !== "" && !ours.failed.includes(expected)),
  );
  if (wrong.length > 0) throw new Error(`ours is wrong about ${wrong.map(({ corruption }) => corruption).join(", ")}`);
}
