import { describe, expect, it } from "vitest";

import { readEvidence } from "../../stacks/inputs.ts";
import { containersOf } from "./harness/docker.ts";
import { platform, ROOT } from "./harness/platform.ts";
import { statusOf } from "./harness/verdicts.ts";

describe("task 4.1", () => {
  it("is GO: rehearsed on stacks of its own, code goes from stage to stage, and bad code comes back by itself", async () => {
    await platform(["verify", "--task", "4.1"]);
    const evidence = readEvidence(ROOT, "dev").find(({ task }) => task === "4.1");
    console.info(evidence?.detail);
    expect(await statusOf(["4.1"]), evidence?.detail).toEqual({ "4.1": "GO" });
    for (const stage of ["dev", "staging", "prod"]) expect(await containersOf(`rehearsal-${stage}`)).toEqual([]);
  });
});

describe("what is checked out here", () => {
  it("is not promoted to a stack for which nothing is ready, which is told in full", async () => {
    const { exitCode, stderr } = await platform(["promote", "--stack", "staging", "--dry-run"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is not promoted:\n(.*\n)*.*has no build|is not promoted:\n(.*\n)*.*Task /);
  });

  it("is not promoted to the first stage", async () => {
    const { exitCode, stderr } = await platform(["promote", "--stack", "dev"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("it is the first stage")]);
  });
});
