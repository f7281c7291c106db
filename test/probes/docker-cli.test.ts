import { describe, expect, it } from "vitest";

import { type CliFacts, findCliFaults } from "../../probes/docker-cli.ts";

const GOOD: CliFacts = {
  version: "20.10.24",
  api: "1.41",
  compose: "docker-compose",
  composeVersion: "2.26.1-4",
  refused: undefined,
};

describe("Docker and Compose", () => {
  it.each<[string, Partial<CliFacts>, string[]]>([
    ["are new enough and read the file", {}, []],
    ["are newer than two digits", { api: "1.100" }, []],
    [
      "have an old Engine",
      { version: "19.03", api: "1.40" },
      ["Docker Engine 19.03 speaks API 1.40; 1.41 or newer is needed"],
    ],
    ["have an old Compose", { composeVersion: "1.29.2" }, ["docker-compose is 1.29.2; 2.20 or newer is needed"]],
    [
      "have a Compose that won't say",
      { composeVersion: "" },
      ["docker-compose is of no version; 2.20 or newer is needed"],
    ],
    [
      "don't read the file",
      { refused: "Compose refuses docker-compose.yml: yaml: line 3" },
      ["Compose refuses docker-compose.yml: yaml: line 3"],
    ],
  ])("when they %s", (_what, changes, faults) => {
    expect(findCliFaults({ ...GOOD, ...changes })).toEqual(faults);
  });
});
