import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";

import { composeOverlay } from "../../engine/compose-overlay.ts";

const overlay = (whole: unknown, part: unknown): unknown => parse(composeOverlay(stringify(whole), stringify(part)));

describe("an overlay", () => {
  it("has what the part lacks, and nothing that it has", () => {
    const edge = { image: "edge:1", environment: { A: "1" }, volumes: ["a"], command: ["run", "x"] };
    const more = { ...edge, environment: { A: "2", B: "3" }, volumes: ["a", "b"], command: ["run", "y"] };
    const odoo = { image: "odoo:1" };
    const shell = { image: "shell:1" };
    expect(
      overlay({ name: "n", services: { odoo, edge: more, shell } }, { name: "n", services: { odoo, edge } }),
    ).toEqual({
      services: {
        edge: { environment: { A: "2", B: "3" }, volumes: ["b"], command: ["run", "y"] },
        shell,
      },
    });
  });

  it("is empty where the part is the whole", () => {
    expect(overlay({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual({});
  });

  it.each([
    ["a key", { services: {} }, { services: { old: {} } }, "no overlay can take away services.old"],
    ["an item", { a: { ports: [] } }, { a: { ports: [80] } }, "no overlay can take away [80] of a.ports"],
  ])("can't be made where the whole lacks %s of the part", (_what, whole, part, message) => {
    expect(() => overlay(whole, part)).toThrow(message);
  });
});
