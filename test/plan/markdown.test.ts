import { expect, test } from "vitest";

import { cell } from "../../plan/markdown.ts";

test("a cell of a table is one line in which nothing is markup", () => {
  expect(cell("a | b\n<img src=x> *c* _d_ `e` [f](g) \\")).toBe(
    "a \\| b \\<img src=x\\> \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) \\\\",
  );
});
