import { expect, test } from "vitest";

import { escapeDollars, withoutEmpty } from "../../engine/compose-yaml.ts";

test("what is empty is left out, and what is false or 0 isn't", () => {
  const definition = { a: undefined, b: [], c: {}, d: false, e: 0, f: "", g: ["x"] };
  expect(withoutEmpty(definition)).toEqual({ d: false, e: 0, f: "", g: ["x"] });
});

test.each([
  [false, { a: ["$$x", "$${Y:-z}"], b: 1, c: null }],
  [true, { a: ["$$x", "${Y:-z}"], b: 1, c: null }],
])("dollars are literal to Compose; in a file made for hands (%s) but those of variables", (byHand, escaped) => {
  expect(escapeDollars({ a: ["$x", "${Y:-z}"], b: 1, c: null }, byHand)).toEqual(escaped);
});
