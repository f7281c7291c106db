import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import type { RestoreReport } from "../../engine/restore/report.ts";
import type { Plan } from "../../plan/plan.ts";
import { findScheduleFaults, judgeDrill, judgeRegions, judgeRestores } from "../../probes/restored.ts";
import { reportOf } from "../engine/restore/reports.ts";

const THREE = ["one", "two", "three"];

/** A plan whose backups lie in these regions. */
function planWith(regions: readonly string[]): Pick<{ plan: Plan }, "plan"> {
  const settings = { vault: { regions: regions.map((region) => ({ region })) } };
  return { plan: { outputs: { gate: { settings } } } as unknown as Plan };
}

const from = (region: string, changes: Partial<RestoreReport> = {}) => reportOf({ region, ...changes });

describe("a restore test (1.5)", () => {
  it("holds with every check, within the limits", () => {
    const found = judgeRestores([from("one")], 1);
    expect(found).toMatchObject({ holds: true });
    expect(found.detail).toBe("dev-1 came back from one alone: 2 checks hold, RPO 12 s, RTO 80 s");
  });

  it.each<[string, Partial<RestoreReport>, string]>([
    ["a check fails", { holds: false, detail: "attachments: 1 missing" }, "one: attachments: 1 missing"],
    ["more is lost than allowed", { rpo_seconds: 301 }, "one: RPO is 301 s, of 300 s that are allowed"],
    ["it takes longer than allowed", { rto_seconds: 901 }, "one: RTO is 901 s, of 900 s that are allowed"],
    ["nobody could log in", { rto_seconds: null }, "one: RTO was not measured"],
    ["the loss was not measured", { rpo_seconds: null }, "one: RPO was not measured"],
  ])("is NO-GO when %s", (_what, changes, detail) => {
    expect(judgeRestores([from("one", changes)], 1)).toMatchObject({ holds: false, detail });
  });

  it("is NO-GO when nothing was restored", () => {
    expect(judgeRestores([], 1)).toMatchObject({
      holds: false,
      detail: "0 of at least 1 regions were restored from",
    });
  });
});

describe("every region (4.3)", () => {
  it("holds when each of three was restored from", () => {
    expect(
      judgeRegions(
        THREE.map((region) => from(region)),
        planWith(THREE),
      ).holds,
    ).toBe(true);
  });

  it("is NO-GO when one of them is worth nothing", () => {
    const reports = [from("one"), from("two"), from("three", { holds: false, detail: "wal-continuity: a hole" })];
    expect(judgeRegions(reports, planWith(THREE))).toMatchObject({
      holds: false,
      detail: "three: wal-continuity: a hole",
    });
  });

  it("is NO-GO when one had no turn", () => {
    const found = judgeRegions(
      ["one", "two"].map((region) => from(region)),
      planWith(THREE),
    );
    expect(found).toMatchObject({ holds: false });
    expect(found.detail).toContain("not restored from: three");
  });

  it("is NO-GO with fewer than three regions", () => {
    expect(
      judgeRegions(
        ["one", "two"].map((region) => from(region)),
        planWith(["one", "two"]),
      ),
    ).toMatchObject({
      holds: false,
      detail: "2 of at least 3 regions were restored from",
    });
  });
});

describe("drills (5.4)", () => {
  const workflow = readFileSync(".github/workflows/dr-drill.yml", "utf8");
  let copy: string | undefined;

  afterEach(() => {
    if (copy !== undefined) rmSync(copy, { recursive: true });
    copy = undefined;
  });

  /** A project with this workflow. */
  function projectWith(text: string): string {
    copy = mkdtempSync(join(tmpdir(), "drills-"));
    mkdirSync(join(copy, ".github/workflows"), { recursive: true });
    mkdirSync(join(copy, "cli"));
    for (const file of ["package.json", "cli/main.ts", "cli/drill.ts", "cli/context.ts", "cli/platform.mjs"])
      writeFileSync(join(copy, file), readFileSync(file));
    writeFileSync(join(copy, ".github/workflows/dr-drill.yml"), text);
    return copy;
  }

  it("hold when one succeeded and the next comes by itself", async () => {
    const found = await judgeDrill([from("one")], process.cwd());
    expect(found).toMatchObject({ holds: true });
    expect(found.detail).toContain("the next is scheduled");
  });

  it("are NO-GO when the drill failed", async () => {
    const found = await judgeDrill([from("one", { holds: false, detail: "heartbeat: too old" })], process.cwd());
    expect(found).toMatchObject({ holds: false, detail: "one: heartbeat: too old" });
  });

  it("are NO-GO when nothing schedules the next", async () => {
    const root = projectWith(workflow.replace(/ {2}schedule:\n.*\n/, ""));
    expect((await judgeDrill([from("one")], root)).detail).toContain("has no schedule");
  });

  it("are NO-GO when the next is later than in a quarter", async () => {
    const root = projectWith(workflow.replace("17 3 * * 0", "17 3 1 1,7 *"));
    expect((await judgeDrill([from("one")], root)).detail).toContain("drills every 184 days");
  });

  it("are NO-GO when the workflow calls what is not there", async () => {
    const root = projectWith(workflow.replace("-- drill", "-- exercise"));
    expect((await judgeDrill([from("one")], root)).holds).toBe(false);
  });

  it("take the most frequent of several schedules", () => {
    expect(findScheduleFaults('on:\n  schedule:\n    - cron: "0 0 1 1,7 *"\n    - cron: "0 0 * * 1"\n')).toEqual([]);
  });
});
