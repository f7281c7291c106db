import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { join } from "node:path";

import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { register as registerLessons } from "../../cli/lessons.ts";
import { register as registerReview } from "../../cli/review.ts";
import type { Next, Review } from "../../gates/records/record.ts";
import { readRecord } from "../../probes/record-store.ts";
import { pinsOf } from "../../probes/review-facts.ts";
import { makeProject, type Project } from "../harness/project.ts";
import { makeRepository } from "../harness/repository.ts";
import { giveKey } from "../harness/signer.ts";
import { untraced } from "../harness/untraced.ts";

let project: Project;
let printed: string;
const here = process.cwd();

beforeEach(() => {
  project = makeProject();
  makeRepository(project.root);
  giveKey(project.root);
  writeFileSync(join(project.root, "package.json"), "{}");
  process.chdir(project.root);
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.chdir(here);
  project.remove();
});

async function run(register: (command: Command) => void, ...args: string[]): Promise<string> {
  const command = new Command("verb").exitOverride().configureOutput({ writeErr: () => undefined });
  register(command);
  for (const inner of command.commands) inner.exitOverride().configureOutput({ writeErr: () => undefined });
  printed = "";
  await untraced(() => command.parseAsync(args, { from: "user" }));
  return printed;
}

const lessons = (...args: string[]) => run(registerLessons, ...args);
const review = (...args: string[]) => run(registerReview, ...args);
const LESSON = ["--what", "a stop", "--why", "a fuse", "--action", "a spare fuse", "--owner", "Ann"];

describe("lessons", () => {
  it("are written, listed and done", async () => {
    expect(await lessons("list")).toBe("Stack dev has no lessons yet.\n");
    expect(await lessons("add", ...LESSON, "--due", "2999-12-31")).toBe(
      "L1 is written, and Ann does it until 2999-12-31: evidence/dev/records/lessons.md\n",
    );
    expect(await lessons("done", "L1", "--how", "it lies in the drawer")).toContain("the action of L1 is done");
    expect(await lessons("list")).toContain("it lies in the drawer");
    const listed = JSON.parse(await lessons("list", "--json")) as { id: string; action: { done: unknown } }[];
    expect(listed).toMatchObject([{ id: "L1", action: { done: { how: "it lies in the drawer" } } }]);
    expect(readFileSync("evidence/dev/records/lessons.md", "utf8")).toContain("| L1 |");
  });

  it.each([
    [["add", ...LESSON, "--due", "soon"], "a day is written as 2026-12-31"],
    [["add", ...LESSON, "--due", "2026-13-01"], "a day is written as 2026-12-31"],
    [["done", "L9", "--how", "so"], "there is no lesson L9; there is none."],
    [["add", ...LESSON, "--due", "2999-12-31", "--stack", "prd"], "There is no stack prd: no Pulumi.prd.yaml."],
  ])("refuse %j", async (args, sentence) => {
    await expect(lessons(...args)).rejects.toThrow(sentence);
    expect(existsSync("evidence/dev/records")).toBe(false);
    expect(existsSync("evidence/prd")).toBe(false);
  });

  it("are not written over what can't be read", async () => {
    mkdirSync("evidence/dev/records", { recursive: true });
    const path = "evidence/dev/records/lessons.json";
    for (const [text, sentence] of [
      [
        "{",
        `${path} is not JSON. Restore it from git, or remove it and run \`npm run platform -- lessons add --stack dev\`.`,
      ],
      ['{"kind":"lessons"}', `${path} is no record.`],
      ['{"kind":"next","stack":"dev","at":"2026-03-01T00:00:00Z","items":[]}', `${path} is a record of kind next.`],
    ] as const) {
      writeFileSync(path, text);
      await expect(lessons("add", ...LESSON, "--due", "2999-12-31")).rejects.toThrow(sentence);
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });
});

describe("review", () => {
  it("writes the quarter's review, and what comes next, with the lessons' open actions", async () => {
    await lessons("add", ...LESSON, "--due", "2999-12-31");
    expect(await review("--quarter", "2026-Q2")).toContain("# Review of stack dev, 2026-04-01 to 2026-06-30");
    expect(readRecord(project.root, "dev", "review")?.actions).toMatchObject([{ id: "L1" }]);
    const text = await review("--next", "--json");
    const next = JSON.parse(text.slice(0, text.lastIndexOf("}") + 1)) as Next;
    expect(next.items.map(({ from, id }) => `${from} ${id}`)).toContain("lesson L1");
    expect(text).toContain("--task 7.4");
  });

  it("takes the exceptions that somebody answers for from the plan", async () => {
    const path = "Pulumi.dev.yaml";
    const exception = {
      rule: "containers-drop-all",
      resource: "odoo",
      reason: "a trial of a week",
      until: "2999-01-01",
    };
    writeFileSync(
      path,
      `${readFileSync(path, "utf8")}  odoo-platform:policyExceptions:\n    - ${JSON.stringify(exception)}\n`,
    );
    const text = await review("--json");
    const record = JSON.parse(text.slice(0, text.lastIndexOf("}") + 1)) as Review;
    expect(record.exceptions).toEqual([exception]);
  });

  it.each([
    [["--quarter", "Q2"], "--quarter: a quarter is written as 2026-Q4; got Q2"],
    [["--quarter", "2026-Q2", "--next"], "--quarter is of a review; --next plans from today."],
  ])("refuses %j", async (args, sentence) => {
    await expect(review(...args)).rejects.toThrow(sentence);
    expect(existsSync("evidence/dev/records")).toBe(false);
  });
});

describe("pins", () => {
  it("are as old as the commit that wrote them", () => {
    const repository = makeRepository(project.root);
    repository.commit("package.json", '{\n"dependencies": {\n"zod": "1.2.3",\n"yaml": "2.0.0"\n}\n}\n');
    const later = new Date(Date.now() + 10 * 24 * 60 * 60 * 1000 + 60_000);
    expect(pinsOf(project.root, later)).toEqual([
      { name: "zod", version: "1.2.3", days: 10 },
      { name: "yaml", version: "2.0.0", days: 10 },
    ]);
  });
});
