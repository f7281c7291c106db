import { describe, expect, test } from "vitest";

import { documentedExports, summaryOf } from "../../../engine/pages/docstrings.ts";

const SOURCE = `/** How long, in days. */
const DAYS = 3;

/**
 * Opens a door. Then shuts it.
 *
 * @param key of the door.
 */
export async function openDoor({
  key,
}: DoorArgs): Promise<void> {
  /** Not of an export. */
  await turn(key);
}

/** What a door needs. */
export interface DoorArgs {
  /** Of brass. */
  readonly key: string;
}

/** Doors that there are. */
export const DOORS: readonly string[] = ["front"];

/** Front or back. */
export type Side = "front" | "back";

/** @throws Error always. */
export function shut(): never {
  throw new Error("shut");
}

export function quiet(): void {}
`;

describe("documented exports", () => {
  test("are those with a comment of their own, with what stands before the body", () => {
    expect(documentedExports(SOURCE)).toEqual([
      {
        name: "openDoor",
        kind: "function",
        doc: "Opens a door. Then shuts it.\n\n@param key of the door.",
        signature: "export async function openDoor({\n  key,\n}: DoorArgs): Promise<void>;",
      },
      {
        name: "DoorArgs",
        kind: "interface",
        doc: "What a door needs.",
        signature: "export interface DoorArgs {\n  /** Of brass. */\n  readonly key: string;\n}",
      },
      {
        name: "DOORS",
        kind: "const",
        doc: "Doors that there are.",
        signature: "export const DOORS: readonly string[];",
      },
      { name: "Side", kind: "type", doc: "Front or back.", signature: 'export type Side = "front" | "back";' },
      { name: "shut", kind: "function", doc: "@throws Error always.", signature: "export function shut(): never;" },
    ]);
  });

  test("are none in a source without comments", () => {
    expect(documentedExports("export const A = 1;\n")).toEqual([]);
  });
});

describe("what a file is for", () => {
  test.each<[string, string, string]>([
    ["engine/door-args.ts", SOURCE, "What a door needs."],
    ["engine/open-doors.ts", SOURCE, "Opens a door."],
    ["engine/other.ts", SOURCE, "Opens a door."],
    ["engine/shut.ts", SOURCE, "Opens a door."],
    ["index.ts", "import x from 'y';\n\n// The entry. More.\nexport default x;\n", "The entry."],
    ["none.ts", "export const a = 1;\n", ""],
    ["docs/A.md", "# A\n\n<!-- made -->\n\nTells of 2.5 things. And more.\n", "Tells of 2.5 things."],
    ["docker/Dockerfile.x", "# Base of\n# all. Others follow.\nFROM x\n# later\n", "Base of all."],
    ["scripts/a.sh", "#!/bin/sh\n# Makes it.\nset -e\n", "Makes it."],
    ["a.sql", "-- Roles.\nSELECT 1;\n", "Roles."],
    ["a.py", '"""Settings of one run.\n\nMore.\n"""\n', "Settings of one run."],
    ["package.json", '{ "description": "A platform" }', "A platform"],
    ["data.json", '{ "description": "x" }', ""],
    ["a.svg", "# not a comment", ""],
  ])("%s", (path, text, summary) => {
    expect(summaryOf(path, text)).toBe(summary);
  });
});
