import { expect, test } from "vitest";

import { Fault, messageOf } from "../../engine/fault.ts";

test("a fault is an error by another name, by which the command line knows it", () => {
  expect(new Fault("mend it")).toBeInstanceOf(Error);
  expect(String(new Fault("mend it"))).toBe("Fault: mend it");
});

test.each([
  [new Error("broken"), "broken"],
  [new Fault("mend it"), "mend it"],
  ["text", "text"],
  [undefined, "undefined"],
])("the message of %o is %j", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
