import { existsSync, rmSync } from "node:fs";

import type Docker from "dockerode";

import { orAbsent, tolerate } from "../docker.ts";
import type { Say } from "../engine.ts";
import { removeVolumes } from "../volumes.ts";
import { remove } from "./lay-out.ts";
import { type Preview, readPreviews, recordOf, stackOf, TEMPLATE, templateFile, treeOf } from "./preview.ts";

export interface CloseArgs {
  readonly root: string;
  readonly docker: Docker;
  /** Name of the project. */
  readonly project: string;
}

const GIB = 1024 ** 3;

/** Removes a preview: containers, networks, volumes, images that only it has, its sources and its record. */
export async function closePreview(args: CloseArgs & { readonly keepImages?: boolean }, number: number): Promise<void> {
  const { root, docker, keepImages = false } = args;
  const previews = readPreviews(root);
  const images = keepImages ? [] : (previews.find((one) => one.number === number)?.images ?? []);
  await removeStack(args, stackOf(number));
  const others = new Set(previews.filter((one) => one.number !== number).flatMap((one) => one.images));
  for (const image of images.filter((one) => !others.has(one)))
    // 409: a stack that was deployed since runs it.
    await tolerate([404, 409], docker.getImage(image).remove());
  rmSync(recordOf(root, number), { force: true });
}

/** Removes all that a stack has on this machine, whatever state it is in. */
async function removeStack({ root, docker, project }: CloseArgs, stack: string): Promise<void> {
  const { containers, volumes, networks } = await labelled(docker, `odoo-platform.stack=${project}-${stack}`);
  for (const { Id } of containers) await tolerate([404, 409], docker.getContainer(Id).remove({ force: true, v: true }));
  await removeVolumes(
    docker,
    volumes.map(({ Name }) => Name),
  );
  for (const { Id } of networks) await orAbsent(docker.getNetwork(Id).remove());
  await remove(root, stack);
}

/** All that carries a label, with its value where one is given. */
async function labelled(docker: Docker, label: string) {
  const filters = { label: [label] };
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  return { containers, volumes, networks };
}

/** What is left of a preview on this machine. */
export async function remainsOf({ root, docker, project }: CloseArgs, number: number): Promise<string[]> {
  const stack = stackOf(number);
  const { containers, volumes, networks } = await labelled(docker, `odoo-platform.stack=${project}-${stack}`);
  return [
    ...containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
    ...[...volumes, ...networks].map(({ Name }) => Name),
    ...[treeOf(root, stack), recordOf(root, number)].filter((path) => existsSync(path)),
  ];
}

/** Removes all previews, and what they begin with. */
export async function closeAll(args: CloseArgs, say: Say): Promise<void> {
  for (const stack of await stacksOnMachine(args)) {
    await removeStack(args, stack);
    say(`${stack} is gone`);
  }
  for (const { number } of readPreviews(args.root)) await closePreview(args, number);
  rmSync(templateFile(args.root), { force: true });
}

export interface SweepArgs extends CloseArgs {
  readonly now: Date;
  readonly mostGiB: number;
}

/**
 * Removes previews that are over or too large, and what is left of any that are on no record.
 *
 * @returns a sentence for each that is gone.
 */
export async function sweep(args: SweepArgs): Promise<string[]> {
  const previews = readPreviews(args.root);
  const sizes = await sizesOf(args, previews);
  const gone: string[] = [];
  for (const preview of previews) {
    const why = reasonToSweep(preview, { ...args, bytes: sizes.get(preview.number) ?? 0 });
    if (why === undefined) continue;
    await closePreview(args, preview.number);
    gone.push(`${stackOf(preview.number)} is gone: ${why}`);
  }
  const known = new Set([TEMPLATE, ...previews.map(({ number }) => stackOf(number))]);
  for (const stack of (await stacksOnMachine(args)).filter((name) => !known.has(name))) {
    await removeStack(args, stack);
    gone.push(`${stack} is gone: it was on no record`);
  }
  return gone;
}

/** Why a preview is swept; undefined where it stays. */
export function reasonToSweep(
  { endsAt }: Pick<Preview, "endsAt">,
  { now, mostGiB, bytes }: { readonly now: Date; readonly mostGiB: number; readonly bytes: number },
): string | undefined {
  if (Date.parse(endsAt) <= now.getTime()) return `its time ended at ${endsAt}`;
  if (bytes > mostGiB * GIB) return `its data is ${(bytes / GIB).toFixed(1)} GiB, and ${mostGiB} are allowed`;
  return undefined;
}

/** Bytes of each preview's volumes. */
async function sizesOf({ docker, project }: CloseArgs, previews: readonly Preview[]): Promise<Map<number, number>> {
  const { Volumes } = (await docker.df()) as {
    Volumes: { Labels: { [name: string]: string } | null; UsageData?: { Size: number } }[] | null;
  };
  return new Map(
    previews.map(({ number }) => [
      number,
      (Volumes ?? [])
        .filter(({ Labels }) => Labels?.["odoo-platform.stack"] === `${project}-${stackOf(number)}`)
        .reduce((sum, { UsageData }) => sum + Math.max(0, UsageData?.Size ?? 0), 0),
    ]),
  );
}

/** Stacks of previews that have anything on this machine, the template's too. */
async function stacksOnMachine({ docker, project }: CloseArgs): Promise<string[]> {
  const { containers, volumes, networks } = await labelled(docker, "odoo-platform.stack");
  const prefixes = [...containers, ...volumes, ...networks].flatMap(
    ({ Labels }) => (Labels as { [name: string]: string } | null)?.["odoo-platform.stack"] ?? [],
  );
  const own = new RegExp(`^${project}-(pr-\\d+)$`);
  return [...new Set(prefixes.flatMap((prefix) => own.exec(prefix)?.[1] ?? []))].sort();
}
