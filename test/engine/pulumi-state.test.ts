import { expect, test } from "vitest";

import { idsIn, resourcesIn, runningIn, secretIn } from "../../engine/pulumi-state.ts";
import { TYPES } from "../../plan/plan.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const STATE = {
  version: 3,
  deployment: {
    resources: [
      { urn: urn(TYPES.stack, "shop-dev"), type: TYPES.stack },
      { urn: urn(TYPES.container, "web"), type: TYPES.container, id: "c1" },
      // Its creation was cut off.
      { urn: urn(TYPES.container, "edge"), type: TYPES.container },
      { urn: urn(TYPES.network, "data"), type: TYPES.network, id: "n1" },
      { urn: urn(TYPES.volume, "files"), type: TYPES.volume, id: "v1" },
      { urn: urn(TYPES.password, "key"), type: TYPES.password, id: "none", outputs: { result: "plain" } },
      {
        urn: urn(TYPES.password, "pin"),
        type: TYPES.password,
        id: "none",
        outputs: {
          result: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"quo\\"ted"' },
        },
      },
    ],
  },
};

test("containers and networks that a state knows, by Docker's ids", () => {
  expect([...idsIn(STATE)]).toEqual(["c1", "n1"]);
});

test("what runs: containers and networks, and neither data nor passwords", () => {
  expect(runningIn(STATE)).toEqual([
    urn(TYPES.container, "web"),
    urn(TYPES.container, "edge"),
    urn(TYPES.network, "data"),
  ]);
});

test.each([
  ["key", "plain"],
  ["pin", 'quo"ted'],
  ["in", undefined],
  ["web", undefined],
])("the secret %s is %j", (name, value) => {
  expect(secretIn(STATE, name)).toBe(value);
});

test.each([{}, { version: 3 }, { deployment: {} }])("a stack that was never deployed has nothing: %j", (state) => {
  expect([resourcesIn(state), secretIn(state, "key"), idsIn(state).size]).toEqual([[], undefined, 0]);
});
