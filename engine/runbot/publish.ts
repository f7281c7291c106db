import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type Docker from "dockerode";

import type { Plan } from "../../plan/plan.ts";
import { readPreviews } from "../preview/preview.ts";
import { BUILDS_PATH, serveStatus, statusFolder } from "../status-page.ts";
import { buildPage, gridPage } from "./page.ts";
import { buildFolder, readBuilds } from "./store.ts";

/**
 * Writes the grid, a page for each build and `builds.json`, and hands them to the edge beside the status page, where the
 * stack serves that. Files alone: they are there after any restart.
 *
 * @returns path of the grid in the project's folder, and its URL where it is served.
 */
export async function publishBuilds(
  root: string,
  docker: Docker,
  plan: Plan,
  now: Date,
): Promise<{ file: string; url?: string }> {
  const builds = readBuilds(root);
  const served = new Map(
    readPreviews(root).flatMap(({ state, commit, url }) => (state === "serving" ? [[commit, url] as const] : [])),
  );
  const folder = join(statusFolder(root, plan.stack), BUILDS_PATH);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), gridPage(builds, now, served));
  writeFileSync(join(folder, "builds.json"), `${JSON.stringify({ format: 1, builds }, undefined, 2)}\n`);
  for (const build of builds) {
    const own = join(folder, build.id);
    const from = buildFolder(root, build.id);
    mkdirSync(own);
    const logs = readdirSync(from).filter((name) => name.endsWith(".log"));
    writeFileSync(
      join(own, "index.html"),
      buildPage(
        build,
        Object.fromEntries(logs.map((name) => [name.slice(0, -4), readFileSync(join(from, name), "utf8")])),
      ),
    );
    writeFileSync(join(own, "build.json"), `${JSON.stringify(build, undefined, 2)}\n`);
    if (existsSync(join(from, "junit.xml"))) cpSync(join(from, "junit.xml"), join(own, "junit.xml"));
  }
  const url = await serveStatus(docker, root, plan);
  return {
    file: relative(root, join(folder, "index.html")),
    ...(url === undefined ? {} : { url: `${url}/${BUILDS_PATH}/` }),
  };
}
