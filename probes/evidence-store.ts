import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Evidence, evidenceSchema } from "../gates/evidence.ts";
import { sealed } from "../gates/seal.ts";
import { taskById } from "../gates/tasks.ts";
import { fileDigest } from "../stacks/inputs.ts";
import { machineKey } from "./evidence-key.ts";

/** Folder of a stack's evidence: one file per task, so that a reviewer sees in a diff which claim was measured anew. */
export function evidenceFolder(root: string, stack: string): string {
  return join(root, "evidence", stack);
}

/** Writes a piece of evidence, signed by this machine, whole or not at all, over the one before. */
export function writeEvidence(root: string, evidence: Evidence): void {
  const folder = evidenceFolder(root, evidence.stack);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${evidence.task}.json`);
  // Not *.json until it is complete: readers take every such file for evidence.
  const unfinished = `${path}.${process.pid}.new`;
  const signed = sealed(evidenceSchema.parse(evidence), machineKey(root));
  writeFileSync(unfinished, `${JSON.stringify(signed, null, 2)}\n`);
  renameSync(unfinished, path);
}

/** SHA-256 of the files that a task speaks of; a missing one has none, and its evidence can't hold. */
export function taskFileDigests(
  root: string,
  files: readonly string[],
): { digests: Record<string, string>; missing: string[] } {
  const missing = files.filter((path) => !existsSync(join(root, path)));
  const there = files.filter((path) => !missing.includes(path));
  return { digests: Object.fromEntries(there.map((path) => [path, fileDigest(join(root, path))])), missing };
}

/**
 * Turns evidence files that can't be read into evidence that the claim doesn't hold, so that the stack can be planned
 * and measured again. Deleting them would turn NO-GO into PENDING.
 *
 * @returns tasks whose evidence was unreadable.
 */
export function convertUnreadable(root: string, stack: string, now: Date): string[] {
  const folder = evidenceFolder(root, stack);
  if (!existsSync(folder)) return [];
  const unreadable = readdirSync(folder).flatMap((name) => {
    const task = /^(\d\.\d+(?:\.[a-z][a-z0-9-]*)?)\.json$/.exec(name)?.[1];
    return task === undefined || isEvidence(readFileSync(join(folder, name), "utf8")) ? [] : [task];
  });
  for (const task of unreadable) {
    writeEvidence(root, {
      task,
      stack,
      holds: false,
      measured: null,
      limit: taskById(task)?.must ?? null,
      at: now.toISOString(),
      ttlDays: 1,
      commit: "",
      planDigest: "",
      files: {},
      detail: "the evidence file could not be read",
    });
  }
  return unreadable;
}

function isEvidence(text: string): boolean {
  try {
    return evidenceSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
