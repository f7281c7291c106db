import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { fencedBlocks } from "../../probes/runbook.ts";
import { ROOT } from "../harness/plans.ts";

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly annotations?: { readonly runbook_url?: string } }[];
  }[];
}

const rules = readdirSync(join(ROOT, "docker/monitoring/rules")).flatMap((file) =>
  (parse(readFileSync(join(ROOT, "docker/monitoring/rules", file), "utf8")) as Rules).groups.flatMap((group) =>
    group.rules.filter(({ alert }) => alert !== undefined),
  ),
);
const pages = readdirSync(join(ROOT, "docs/playbooks")).sort();

describe("every alert", () => {
  it("links the playbook of its name, and no playbook is of an alert that isn't there", () => {
    expect(rules.map(({ annotations }) => annotations?.runbook_url)).toEqual(
      rules.map(({ alert }) => `docs/playbooks/${alert ?? ""}.md`),
    );
    expect(pages).toEqual(rules.map(({ alert }) => `${alert ?? ""}.md`).sort());
  });
});

// That the blocks run on a stack is for whoever has one: each is read here, and none may change anything.
describe.each(pages)("%s", (page) => {
  const blocks = fencedBlocks(readFileSync(join(ROOT, "docs/playbooks", page), "utf8"));

  it("has blocks that bash reads, that name their stack and that remove nothing", () => {
    expect(blocks.length).toBeGreaterThan(0);
    for (const { language, text } of blocks) {
      expect([language, spawnSync("bash", ["-n"], { input: text, encoding: "utf8" }).status]).toEqual(["bash", 0]);
      expect(text).toMatch(/\$\{STACK:-dev\}/);
      expect(text).not.toMatch(/\b(down|rm|restart|stop|DROP|DELETE|UPDATE|TRUNCATE|prune)\b/);
    }
  });
});
