import { describe, expect, it } from "vitest";

import { findDifference } from "../../probes/compose-files.ts";

describe("a generated file", () => {
  it.each([
    ["is current", "a\nb\n", "a\nb\n", []],
    ["is missing", undefined, "a\n", ["docker-compose.yml is missing; run `npm run platform -- docs`"]],
    [
      "was edited",
      "a\nX\n",
      "a\nb\n",
      ["docker-compose.yml differs from the plan's rendering from line 2 on; run `npm run platform -- docs`"],
    ],
    [
      "was added to",
      "a\nb\nc",
      "a\nb",
      ["docker-compose.yml differs from the plan's rendering from line 3 on; run `npm run platform -- docs`"],
    ],
    ["is made by nothing", "a", undefined, ["nothing generates docker-compose.yml"]],
  ])("that %s", (_what, found, generated, faults) => {
    expect(findDifference("docker-compose.yml", found, generated)).toEqual(faults);
  });
});
