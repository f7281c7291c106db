import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { register } from "../../cli/evidence.ts";
import { planStack } from "../../engine/stack-plan.ts";
import type { Evidence } from "../../gates/evidence.ts";
import { gateFacts } from "../../gates/json.ts";
import { TASKS, taskFiles } from "../../gates/tasks.ts";
import { withLesson } from "../../gates/records/lessons.ts";
import { writeEvidence } from "../../probes/evidence-store.ts";
import { writeRecord } from "../../probes/record-store.ts";
import { readSigners } from "../../stacks/signers.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { makeProject, type Project } from "../harness/project.ts";
import { makeRepository, type Repository } from "../harness/repository.ts";
import { giveKey, LAB } from "../harness/signer.ts";
import { untraced } from "../harness/untraced.ts";

let project: Project;
let repository: Repository;
let printed: string;
const here = process.cwd();

beforeEach(() => {
  project = makeProject();
  repository = makeRepository(project.root);
  repository.commit(".gitignore", ".platform/\nevidence/*\n!evidence/prod/\n!evidence/signers.json\n");
  giveKey(project.root);
  process.chdir(project.root);
  printed = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  process.chdir(here);
  project.remove();
});

/** Runs the verb; gives what it printed. */
async function run(...args: string[]): Promise<string> {
  const command = new Command("evidence").exitOverride().configureOutput({ writeErr: () => undefined });
  register(command);
  printed = "";
  await untraced(() => command.parseAsync(args, { from: "user" }));
  return printed;
}

/** Evidence of a stack, of today's plan; the first piece makes the machine's key known, on which no plan depends. */
async function write(ids: readonly string[], changes: Partial<Evidence> = {}): Promise<void> {
  const { planDigest, files } = gateFacts(await untraced(() => planStack(changes.stack ?? "dev")));
  for (const id of ids) {
    const task = TASKS.flat().find((one) => one.id === id);
    const own = task !== undefined && "files" in task ? (task.files ?? []) : [];
    const digests = Object.fromEntries(own.map((path) => [path, files[path] ?? ""]));
    writeEvidence(
      project.root,
      evidenceOf(id, { planDigest, files: digests, at: new Date().toISOString(), ...changes }),
    );
  }
}

describe("evidence list and show", () => {
  it("say when, until when, by whom, and what it counts for", async () => {
    expect(await run("list")).toBe("Stack dev has no evidence yet; run `npm run platform -- verify --stack dev`.\n");
    await write(["2.10", "2.5"]);
    writeFileSync("evidence/dev/2.6.json", JSON.stringify({ ...evidenceOf("2.6"), detail: "edited" }));
    const { evidence } = JSON.parse(await run("list", "--json")) as { evidence: Record<string, string>[] };
    expect(evidence.map(({ task, status, signer }) => `${task} ${status} ${signer}`)).toEqual([
      "2.5 GO this machine",
      "2.6 NO-GO this machine",
      "2.10 GO this machine",
    ]);
    expect(await run("list")).toMatch(/^Task +Status +Taken +Counts until +Signed by +Finding\n2\.5 +GO /);
    expect(await run("show", "2.5")).toMatch(/^\{\n.*"task": "2\.5",.*\}\nGO: 2\.5 was seen\n$/s);
    expect(await run("show", "2.6")).toContain("was edited after it was signed");
  });

  it("of a task without evidence says what there is", async () => {
    await expect(run("show", "2.5")).rejects.toThrow("Stack dev has no evidence of 2.5; it has none.");
    await write(["2.6"]);
    await expect(run("show", "2.5")).rejects.toThrow("Stack dev has no evidence of 2.5; it has 2.6.");
  });
});

describe("evidence commit", () => {
  const phase2 = (TASKS[2] ?? []).filter(({ kind, id }) => kind !== "plan" && id !== "2.10").map(({ id }) => id);
  beforeEach(() => {
    for (const path of taskFiles()) {
      mkdirSync(join(project.root, path, ".."), { recursive: true });
      if (!existsSync(path)) writeFileSync(path, "text");
    }
  });

  it("puts a signed bundle on the stack's branch, and takes the evidence of it", async () => {
    await write(phase2);
    const text = await run("commit");
    expect(text).toContain(`${phase2.length} pieces of evidence are in commit `);
    expect(text).toContain("2.10 holds: ");
    expect(repository.git("show", "--stat", "refs/heads/evidence/dev")).toContain("phase-2.json");
    expect(process.exitCode).toBe(0);
    const status = JSON.parse(await run("list", "--json")) as { evidence: { task: string; status: string }[] };
    expect(status.evidence.find(({ task }) => task === "2.10")?.status).toBe("GO");
  });

  it("commits nothing while the phase isn't proven", async () => {
    await write(phase2.filter((id) => id !== "2.9"));
    await expect(run("commit")).rejects.toThrow("Evidence of phase 2 is no proof yet: 2.9 has no evidence.");
    expect(repository.git("branch", "--list", "evidence/*")).toBe("");
  });
});

describe("evidence sign", () => {
  const SIGN = [
    "sign",
    "--stack",
    "prod",
    "--task",
    "6.2.restore",
    "--name",
    "Ann",
    "--role",
    "DevOps",
    "--saw",
    "the drill",
  ];
  const verdict = async (id = "6.2.restore") => {
    const { evidence } = JSON.parse(await run("list", "--stack", "prod", "--json")) as {
      evidence: { task: string; status: string; detail: string }[];
    };
    return evidence.find(({ task }) => task === id);
  };

  it("decides for the commit that is checked out; committing the decision keeps it, the next commit ends it", async () => {
    await run("allow", "--name", "Ann", "--role", "DevOps");
    expect(await run(...SIGN)).toBe("Ann (DevOps) decided 6.2.restore A restore was watched: yes.\n");
    expect(await verdict()).toMatchObject({ status: "GO", detail: "Ann (DevOps) said yes: the drill" });
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", "Decide");
    expect((await verdict())?.status).toBe("GO");
    repository.commit("docs/other.md", "changed");
    expect(await verdict()).toMatchObject({
      status: "NO-GO",
      detail: expect.stringContaining(", and the sources are of commit ") as string,
    });
  });

  it("of a record is for what it says, and ends when that changes", async () => {
    await run("allow", "--name", "Ann", "--role", "DevOps");
    const sign = [...SIGN, "--task", "6.5"];
    await expect(run(...sign)).rejects.toThrow(
      "evidence/prod/records/lessons.json is not there. Run `npm run platform -- lessons add --stack prod`.",
    );
    const on = new Date().toISOString().slice(0, 10);
    const lesson = (due: string) => ({
      on,
      what: "a stop",
      why: "a fuse",
      action: { what: "a spare", owner: "Ann", due },
    });
    const write = (due: string) =>
      writeRecord(project.root, withLesson(undefined, "prod", lesson(due), new Date()).record);
    write("2020-01-01");
    await expect(run(...sign)).rejects.toThrow("evidence/prod/records/lessons.json has late actions: L1.");
    expect(await run(...sign, "--refuse")).toContain(": no.");
    write("2999-01-01");
    expect(await run(...sign)).toContain("Ann (DevOps) decided 6.5 Document lessons learned: yes.");
    repository.commit("docs/other.md", "changed");
    expect((await verdict("6.5"))?.status).toBe("GO");
    write("2999-01-02");
    expect((await verdict("6.5"))?.detail).toContain(": evidence/prod/records/lessons.json; have it decided");
  });

  it("with --refuse is a decision against", async () => {
    await run("allow", "--name", "Ann", "--role", "DevOps");
    expect(await run(...SIGN, "--refuse", "--days", "7")).toContain(": no.");
    expect(await verdict()).toMatchObject({ status: "NO-GO", detail: "Ann (DevOps) said no: the drill" });
    expect(JSON.parse(readFileSync("evidence/prod/6.2.restore.json", "utf8"))).toMatchObject({ ttlDays: 7 });
  });

  it.each<[string, () => void | Promise<unknown>, string[], string]>([
    [
      "by somebody who is not admitted",
      () => undefined,
      SIGN,
      "This machine's key is not Ann's for DevOps. Run `npm run platform -- evidence allow --name 'Ann' --role 'DevOps'`",
    ],
    ["of a task that there isn't", () => undefined, [...SIGN, "--task", "6.99"], "--task: the plan has no task 6.99"],
    [
      "of an item that there isn't",
      () => undefined,
      [...SIGN, "--task", "6.2.luck"],
      "--task: the plan has no task 6.2.luck",
    ],
    [
      "of a whole checklist",
      () => undefined,
      [...SIGN, "--task", "6.2"],
      "Not decided: task 6.2 is decided item by item: 6.2.gates, ",
    ],
    [
      "of what is measured",
      () => undefined,
      [...SIGN, "--task", "2.5"],
      "Not decided: task 2.5 is decided by a probe, not by a person.",
    ],
    [
      "on sources that are in no commit",
      () => writeFileSync("index.ts", "1"),
      SIGN,
      "A decision is bound to a commit, and these files are not in one: index.ts.",
    ],
    ["for no days", () => undefined, [...SIGN, "--days", "0"], "A whole number of days, 1 or more."],
  ])("refuses a decision %s", async (_what, prepare, args, sentence) => {
    await prepare();
    await expect(run(...args)).rejects.toThrow(sentence);
    expect(existsSync("evidence/prod/6.2.restore.json")).toBe(false);
  });
});

describe("evidence allow and key", () => {
  it("admit this machine's key, or another's", async () => {
    expect(await run("key")).toBe(`${LAB.signer.key}\n`);
    expect(await run("allow", "--name", "ci")).toBe(`evidence/signers.json admits ${LAB.signer.key} as ci.\n`);
    expect(readSigners(project.root)).toEqual([{ name: "ci", key: LAB.signer.key }]);
    await write(["2.5"], { stack: "prod" });
    expect(await run("list", "--stack", "prod")).toMatch(/2\.5 +GO .* ci +2\.5 was seen/);
  });

  it("leave evidence of a stack that is not in development worth nothing until then", async () => {
    await write(["2.5"], { stack: "prod" });
    expect(await run("list", "--stack", "prod")).toMatch(
      /2\.5 +NO-GO .* not admitted +evidence of .* is signed by a key/,
    );
  });
});
