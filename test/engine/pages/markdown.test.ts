import { describe, expect, test } from "vitest";

import { Fault } from "../../../engine/fault.ts";
import { cellOf, firstSentence, leadOf, sectionOf } from "../../../engine/pages/markdown.ts";

const PAGE = "# T\n\nLead\nline.\n\n## A\n\n    code\n\n### A1\n\ntext\n\n```sh\n# no heading\n```\n\n## B\n\nlast\n";

describe("a section", () => {
  test("ends at the next heading of its level, keeps its indentation, and takes no comment for a heading", () => {
    expect(sectionOf("p.md", PAGE, "## A")).toBe("    code\n\n### A1\n\ntext\n\n```sh\n# no heading\n```");
    expect(sectionOf("p.md", PAGE, "### A1")).toBe("text\n\n```sh\n# no heading\n```");
    expect(sectionOf("p.md", PAGE, "## B")).toBe("last");
  });

  test("that isn't there is a fault that names the page", () => {
    expect(() => sectionOf("p.md", PAGE, "## C")).toThrow(
      new Fault("p.md has no heading `## C`, which generated pages are made from"),
    );
  });
});

test("the lead is the first paragraph after the title, on one line", () => {
  expect(leadOf(PAGE)).toBe("Lead line.");
  expect(leadOf("# T\nAt once.\n")).toBe("At once.");
  expect(leadOf("# T\n\n| a |\n\n    code\n")).toBe("");
});

test.each([
  ["One. Two.", "One."],
  ["Of 2.5 and node.js alone", "Of 2.5 and node.js alone"],
  ["Ends! Or not. No", "Ends! Or not."],
  ["", ""],
])("the first sentence of %j", (text, sentence) => {
  expect(firstSentence(text)).toBe(sentence);
});

test("a cell holds nothing that Markdown or HTML takes for its own, but code", () => {
  expect(cellOf("a|b\n<c> *d* _e_ `f`")).toBe("a\\|b \\<c\\> \\*d\\* \\_e\\_ `f`");
});
