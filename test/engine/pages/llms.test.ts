import { describe, expect, test } from "vitest";

import { filesNamed, llmsText } from "../../../engine/pages/llms.ts";
import type { Sources } from "../../../engine/pages/page.ts";

const README = "# shop\n\nSells.\n\n## Map of the tree\n\n    engine/   runs it\n    cli/      verbs\n";

function sources(texts: { [path: string]: string }): Sources {
  const all: { [path: string]: string } = { "README.md": README, ...texts };
  return { files: Object.keys(all).sort(), read: (path) => all[path] ?? "" };
}

describe("llms.txt", () => {
  test("has title, summary, and the sections of the README's map, each file with what it is for", () => {
    const text = llmsText(
      sources({
        "engine/a.ts": "/** Does a. */\nexport const a = 1;\n",
        "cli/main.ts": '  ["go", "go there", () => import("./go.ts")],\n',
        "cli/go.ts": "export const go = 1;\n",
        "other/x.txt": "",
        "test/a.test.ts": "",
      }),
    );
    expect(text.split("\n").filter((line) => line !== "")).toEqual([
      "# shop",
      "> Sells.",
      "Paths are links relative to this file. A line that ends a folder's name with / holds the files between backquotes.",
      "## Root",
      "- [README.md](README.md): Sells.",
      "## engine/: runs it",
      "- [engine/a.ts](engine/a.ts): Does a.",
      "## cli/: verbs",
      "- [cli/go.ts](cli/go.ts): The verb `go`: go there.",
      "- [cli/main.ts](cli/main.ts)",
      "## other/",
      "- [other/x.txt](other/x.txt)",
      "## Optional: test/",
      "- [test/](test/): `a.test.ts`",
    ]);
  });

  test("stays short however many files there are, folds what lies deepest first, and still names them all", () => {
    const many = (folder: string, count: number) =>
      Array.from({ length: count }, (_, index) => [`${folder}/f${index}.ts`, "/** Is. */\nexport const f = 1;\n"]);
    const all = sources(
      Object.fromEntries([...many("engine", 150), ...many("engine/deep/er", 150), ...many("test/x", 400)]) as {
        [path: string]: string;
      },
    );
    const text = llmsText(all);
    expect(text.split("\n").length).toBeLessThan(250);
    expect(text).toContain("- [engine/deep/er/](engine/deep/er/): `f0.ts`");
    expect(text).toContain("- [engine/f0.ts](engine/f0.ts): Is.");
    expect(filesNamed(text).sort()).toEqual(all.files);
  });

  test("folds what the README's map has last, before what it has first", () => {
    const many = (folder: string) =>
      Array.from({ length: 150 }, (_, index) => [`${folder}/f${index}.ts`, "/** Is. */\nexport const f = 1;\n"]);
    const text = llmsText(
      sources(Object.fromEntries([...many("engine"), ...many("cli")]) as { [path: string]: string }),
    );
    expect(text).toContain("- [cli/](cli/): `f0.ts`");
    expect(text).toContain("- [engine/f0.ts](engine/f0.ts): Is.");
  });
});

test("a map written by hand is read by its links", () => {
  expect(filesNamed("# x\n\n- [a](a.md): see `b`\n- [d/](d/): `e`, `f`\ntext `g`\n- no link\n")).toEqual([
    "a.md",
    "d/e",
    "d/f",
  ]);
});
