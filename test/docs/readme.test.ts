import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { publicFiles } from "../../engine/pages/public-files.ts";
import { readmeMap } from "../../engine/pages/readme.ts";
import { TASKS } from "../../gates/tasks.ts";
import { PHASES } from "../../plan/phase.ts";
import { PROBES } from "../../probes/index.ts";
import { ROOT } from "../harness/plans.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** Rows of the README's tables, as cells. */
const rows = readme
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** Words between backquotes. */
function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

describe("README", () => {
  it("has every dependency of package.json, in its version, with a reason", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const wanted = { ...dependencies, ...devDependencies };
    const listed = rows.flatMap(([names = "", versions = "", why = ""]) => {
      const known = quoted(names).filter((name) => name in wanted);
      return known.map((name, index) => [name, { version: versions.split(", ")[index], explained: why.length > 3 }]);
    });
    const expected = Object.entries(wanted).map(([name, version]) => [name, { version, explained: true }]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  });

  it("has every verb, and none that is gone", () => {
    const main = readFileSync(join(ROOT, "cli/main.ts"), "utf8");
    const verbs = [...main.matchAll(/^\s*\["([a-z]+)",/gm)].map(([, verb = ""]) => verb);
    const from = rows.findIndex(([head]) => head === "Verb") + 1;
    const listed = rows.slice(from, from + verbs.length).flatMap(([name = ""]) => quoted(name));
    expect(verbs.length).toBeGreaterThan(5);
    expect(listed.sort()).toEqual(verbs.sort());
  });

  it("has every folder of the project in its map", async () => {
    const folders = new Set((await publicFiles(ROOT)).flatMap((path) => /^[^/]+\//.exec(path)?.[0] ?? []));
    const known = [...readmeMap(readme)];
    expect(known.map(([folder]) => folder)).toEqual(expect.arrayContaining([...folders]));
    expect(known.filter(([, note]) => note.length < 5)).toEqual([]);
  });

  it("tells for each phase how many tasks it has, and which are decided", () => {
    const probed = new Set<string>(PROBES.map(({ task }) => task));
    const expected = TASKS.map((tasks, phase) => {
      const decided = tasks.filter((task) => "findFault" in task || probed.has(task.id)).map(({ id }) => id);
      return [String(phase), PHASES[phase], String(tasks.length), decided];
    });
    const listed = rows
      .filter(([phase = ""]) => /^\d$/.test(phase))
      .map(([phase, title, total, decided = ""]) => [phase, title, total, decided === "none" ? [] : expand(decided)]);
    expect(listed).toEqual(
      expected.map(([phase, title, total, ids]) => [phase, title, total, inOrder(ids as string[])]),
    );
  });
});

/** `1.1–1.3, 1.10` as ids. */
function expand(list: string): string[] {
  return list.split(", ").flatMap((range) => {
    const [first = "", last = first] = range.split("–");
    const [phase = "", from = ""] = first.split(".");
    const to = last.split(".")[1] ?? "";
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${phase}.${Number(from) + index}`);
  });
}

function inOrder(ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
