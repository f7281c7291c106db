import { x } from "tinyexec";
import { describe, expect, it } from "vitest";

import { ROOT } from "../harness/plans.ts";

async function verify(...args: string[]): Promise<[exitCode: number | undefined, stderr: string]> {
  const { exitCode, stderr } = await x(process.execPath, ["cli/platform.mjs", "verify", ...args], {
    nodeOptions: { cwd: ROOT },
  });
  return [exitCode, stderr];
}

describe("verify", () => {
  it.each([
    [["--task", "2.99"], "no probe measures 2.99; --task takes 0.1, 0.2, 0.3,"],
    [["--phase", "7"], "no probe measures a task of phase 7; probes measure 0.1,"],
  ])("exits 2 for %j, before anything is measured", async (args, sentence) => {
    expect(await verify(...args)).toEqual([2, expect.stringContaining(sentence)]);
  });

  it("exits 1 with a sentence for a stack that isn't there", async () => {
    const [exitCode, stderr] = await verify("--stack", "nowhere", "--task", "0.10");
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/^There is no stack nowhere: Pulumi\.nowhere\.yaml is missing\./),
    ]);
  });
});
