import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { identity } from "../lock.ts";
import { writeJson } from "../write-whole.ts";
import { type Build, buildSchema } from "./build.ts";

/** Builds that are kept; what is older goes when a new one begins. */
export const KEPT = 200;

/** Folder of all builds of this machine; each has a folder of its own, named by its id. */
export function runbotFolder(root: string): string {
  return join(root, ".platform", "runbot");
}

/** Folder of a build: `build.json`, and what it made. */
export function buildFolder(root: string, id: string): string {
  return join(runbotFolder(root), id);
}

/** Writes a build's record whole, never half. */
export function writeBuild(root: string, build: Build): void {
  writeJson(join(buildFolder(root, build.id), "build.json"), build);
}

/**
 * All builds, newest first. One whose process is gone was ended half-way, and is red. A folder without a record that can be
 * read is left out: it has nothing to say.
 */
export function readBuilds(root: string): Build[] {
  const folder = runbotFolder(root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .reverse()
    .flatMap((id) => {
      const file = join(folder, id, "build.json");
      if (!existsSync(file)) return [];
      const { data } = buildSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
      return data === undefined ? [] : [ended(data)];
    });
}

function ended(build: Build): Build {
  if (build.status !== "running" || identity(Number.parseInt(build.process, 10)) === build.process) return build;
  return { ...build, status: "red", detail: "the build was ended half-way" };
}

/** Takes the oldest builds away, so that so many are left. */
export function forgetOldBuilds(root: string, kept = KEPT): void {
  for (const { id, status } of readBuilds(root).slice(kept))
    if (status !== "running") rmSync(buildFolder(root, id), { recursive: true, force: true });
}
