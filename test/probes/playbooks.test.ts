import { expect, test } from "vitest";

import { judgePlaybooks, playbooks } from "../../probes/playbooks.ts";
import type { Measurement } from "../../probes/probe.ts";
import { coreOf } from "../harness/plans.ts";
import { contextWith, HELD } from "./fixtures.ts";

const runs = (count: number): [string, Measurement][] =>
  Array.from({ length: count }, (_none, index) => [`Alert${index}.md`, HELD]);

test("7.2 holds when all blocks of every playbook run", () => {
  expect(judgePlaybooks(runs(29))).toMatchObject({ holds: true, detail: "all blocks of 29 playbooks run" });
});

test("7.2 is NO-GO when a block of one does not run, or there are too few", () => {
  const bad: [string, Measurement] = [
    "OdooDown.md",
    { ...HELD, holds: false, detail: "the block at line 9 ends with 1" },
  ];
  expect(judgePlaybooks([...runs(29), bad])).toMatchObject({
    holds: false,
    detail: "OdooDown.md: the block at line 9 ends with 1",
  });
  expect(judgePlaybooks(runs(19)).holds).toBe(false);
});

test("7.2 is NO-GO where nothing watches", async () => {
  const plan = await coreOf("dev");
  await expect(playbooks.measure(await contextWith({ plan }))).rejects.toThrow("nothing watches this stack");
});
