import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { readJson } from "../../stacks/read-json.ts";
import { writeJson } from "../write-whole.ts";

const previewSchema = z.object({
  /** As the Git host numbers its pull request. */
  number: z.int().min(1),
  /** 40 hexadecimal digits. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** What was asked for: a branch, a tag or the commit. */
  ref: z.string(),
  state: z.enum(["opening", "serving", "failed"]),
  /** One sentence: why it failed; empty otherwise. */
  detail: z.string(),
  /** Which two ports are its own: those of this many previews lie before them. */
  slot: z.int().min(0),
  url: z.string(),
  /** ISO times: when its last commit was asked for, and from when on it is swept. */
  openedAt: z.string(),
  endsAt: z.string(),
  /** Images that weren't on this machine before. */
  images: z.array(z.string()),
});

/** A stack of one commit, from the moment that it is asked for. */
export type Preview = z.output<typeof previewSchema>;

/** Name of the stack whose data all previews begin with: no pull request has that number. */
export const TEMPLATE = stackOf(0);

/** Says what the template was made of. */
export function templateFile(root: string): string {
  return join(previewsFolder(root), "template");
}

export function stackOf(number: number): string {
  return `pr-${number}`;
}

/** Folder of all previews of this machine. */
export function previewsFolder(root: string): string {
  return join(root, ".platform", "previews");
}

/** Folder with the sources of a preview, and with what its stack leaves behind. */
export function treeOf(root: string, stack: string): string {
  return join(previewsFolder(root), stack);
}

/** The folder that a stack's verbs work in: that of its sources where it is a preview. */
export function folderOf(root: string, stack: string): string {
  const tree = treeOf(root, stack);
  return /^pr-\d+$/.test(stack) && existsSync(join(tree, `Pulumi.${stack}.yaml`)) ? tree : root;
}

/** All previews, by number. */
export function readPreviews(root: string): Preview[] {
  const folder = previewsFolder(root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^pr-\d+\.json$/.test(name))
    .map((name) =>
      readJson(
        previewSchema,
        root,
        join(".platform", "previews", name),
        `Remove it; \`npm run platform -- preview sweep\` then removes what runs of it.`,
      ),
    )
    .sort((a, b) => a.number - b.number);
}

export function writePreview(root: string, preview: Preview): void {
  writeJson(recordOf(root, preview.number), preview);
}

/** File with a preview's record. */
export function recordOf(root: string, number: number): string {
  return join(previewsFolder(root), `${stackOf(number)}.json`);
}
