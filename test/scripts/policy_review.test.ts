import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { x } from "tinyexec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { renderReview, review } from "../../scripts/policy_review.ts";
import { ROOT } from "../harness/plans.ts";

const HELD = { exitCode: 0, stdout: "## Stack x\n\nNothing changes.\n", stderr: "a warning" };
const REFUSED = { exitCode: 1, stdout: "", stderr: "There is no ref ```nowhere```." };

describe("a review", () => {
  it("plans every stack of the project against the ref, and is refused as soon as one is", async () => {
    const asked: string[] = [];
    const platform = (args: readonly string[]) => {
      asked.push(args.join(" "));
      return Promise.resolve(args.includes("prod") ? REFUSED : HELD);
    };
    const { exitCode, page } = await review({ root: ROOT, against: "origin/main", platform });
    expect(asked).toEqual(
      ["dev", "prod", "staging"].map((stack) => `plan --stack ${stack} --against origin/main --format markdown`),
    );
    expect(exitCode).toBe(1);
    expect(page).toContain("| dev | planned |\n| prod | refused |\n| staging | planned |");
  });

  it("passes where every stack does", async () => {
    const { exitCode } = await review({
      root: ROOT,
      against: "a",
      stacks: ["dev"],
      platform: () => Promise.resolve(HELD),
    });
    expect(exitCode).toBe(0);
  });

  it("tells why a stack could not be planned, in a block that its text can't end", () => {
    const page = renderReview("a".repeat(40), [
      { stack: "prod", exitCode: 1, report: "", complaint: REFUSED.stderr },
      { stack: "dev", exitCode: 0, report: HELD.stdout, complaint: HELD.stderr },
    ]);
    expect(page).toContain("# What would change since aaaaaaaaaaaa\n");
    expect(page).toContain("## Stack prod\n\n````text\nThere is no ref ```nowhere```.\n````\n");
    expect(page).toContain("## Stack x\n\nNothing changes.\n");
    expect(page).not.toContain("a warning");
  });
});

describe("npm run review", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "review-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    x(process.execPath, ["--import", "tsx", "scripts/policy_review.ts", ...args], {
      nodeOptions: { cwd: ROOT, env: { NO_COLOR: "1", ...env } },
    });

  it("without a ref is wrong usage", async () => {
    const { exitCode, stderr } = await run([]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("required option '--against <ref>'")]);
  });

  it("shows a review in the job's summary and in a file also where a stack is refused", async () => {
    const summary = join(folder, "summary.md");
    writeFileSync(summary, "before\n");
    const out = join(folder, "review.md");
    const args = ["--against", "HEAD", "--stack", "nowhere", "--out", out];
    const { exitCode, stdout } = await run(args, { GITHUB_STEP_SUMMARY: summary });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("| nowhere | refused |")]);
    expect(readFileSync(out, "utf8")).toBe(stdout);
    expect(readFileSync(summary, "utf8")).toBe(`before\n${stdout}`);
  });

  it("plans a stack of the project against a commit, as the workflow asks it to", async () => {
    const { exitCode, stdout } = await run(["--against", "HEAD", "--stack", "dev"]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/\| dev \| planned \|\n\n## Plan of stack dev against HEAD\n/),
    ]);
  });
});
