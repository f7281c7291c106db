import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { domainOf, layOut, remove } from "../../../engine/preview/lay-out.ts";
import { limitsOf, slotFor } from "../../../engine/preview/open.ts";
import { folderOf, readPreviews, recordOf, treeOf, writePreview } from "../../../engine/preview/preview.ts";
import { git } from "../../../engine/worktree.ts";
import { planOf, ROOT } from "../../harness/plans.ts";
import { preview } from "./preview.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "previews-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("previews on record", () => {
  it("are told by number, as they were written", () => {
    writePreview(root, { ...preview, number: 100 });
    writePreview(root, preview);
    expect(readPreviews(root)).toEqual([preview, { ...preview, number: 100 }]);
  });

  it("are refused where somebody spoiled the record, with what mends it", () => {
    writePreview(root, preview);
    writeFileSync(recordOf(root, 12), JSON.stringify({ ...preview, state: "asleep" }));
    expect(() => readPreviews(root)).toThrow(/previews\/pr-12\.json is not what it should be\. Remove it; `.*sweep`/);
  });

  it("are where verbs work, once their stack is written", () => {
    expect(folderOf(root, "pr-12")).toBe(root);
    mkdirSync(treeOf(root, "pr-12"), { recursive: true });
    writeFileSync(join(treeOf(root, "pr-12"), "Pulumi.pr-12.yaml"), "");
    expect(folderOf(root, "pr-12")).toBe(treeOf(root, "pr-12"));
    expect(folderOf(root, "dev")).toBe(root);
    expect(folderOf(root, "pr-12/../../dev")).toBe(root);
  });
});

describe("the ports of a preview", () => {
  it("are the first that are free, and stay its own", () => {
    const second = { ...preview, number: 13, slot: 1 };
    expect(slotFor(14, [], 3)).toBe(0);
    expect(slotFor(14, [preview, second], 3)).toBe(2);
    expect(slotFor(14, [second], 3)).toBe(0);
    expect(slotFor(13, [preview, second], 2)).toBe(1);
  });

  it("are none where there are as many as may be, and the oldest is named", () => {
    const older = { ...preview, number: 13, ref: "old", slot: 1, openedAt: "2026-01-01T09:00:00.000Z" };
    expect(() => slotFor(14, [preview, older], 2)).toThrow(
      "There are 2 previews, and 2 are allowed (previews.most). The oldest is 13, of old: `npm run platform -- preview close 13`.",
    );
  });

  it("are none beside a stack that has no setting for them", async () => {
    expect(limitsOf(await planOf("dev"))).toEqual({ most: 5, hours: 72, mostGiB: 10, firstPort: 9500 });
    const prod = await planOf("prod");
    expect(() => limitsOf(prod)).toThrow("No previews are made beside stack prod: its settings have no `previews`.");
  });
});

describe("the sources of a preview", () => {
  const file = () => join(treeOf(root, "pr-7"), "Pulumi.pr-7.yaml");
  const addons = "docker/odoo/addons";
  const commit = async (modules: string[], egress: boolean, module: string): Promise<string> => {
    const dev = parse(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { config: Record<string, object> };
    dev.config["odoo-platform:odoo"] = { ...dev.config["odoo-platform:odoo"], modules, egress };
    writeFileSync(join(root, "Pulumi.dev.yaml"), JSON.stringify(dev));
    mkdirSync(join(root, addons, module), { recursive: true });
    writeFileSync(join(root, addons, module, "__manifest__.py"), "{}");
    await git(root, ["add", "--all"]);
    await git(root, ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", module]);
    return (await git(root, ["rev-parse", "HEAD"])).stdout.trim();
  };
  const settingsOf = () => (parse(readFileSync(file(), "utf8")) as { config: Record<string, never> }).config;

  it("are those of the commit; how the stack is kept apart is said by what is checked out here", async () => {
    await git(root, ["init", "--quiet"]);
    const asked = await commit(["base", "sale"], true, "own_one");
    const newer = await commit(["base"], false, "own_two");
    const args = { root, like: "dev", stack: "pr-7", httpsPort: 9504 };
    const tree = await layOut({ ...args, commit: asked });
    expect(existsSync(join(tree, addons, "own_two"))).toBe(false);
    const config = settingsOf();
    expect(config["odoo-platform:odoo"]).toMatchObject({
      ...{ modules: ["base", "sale", "own_one"], egress: false, demoData: true },
    });
    expect(config["odoo-platform:edge"]).toEqual({ httpsPort: 9504, httpPort: 9505, tls: "internal" });
    expect(config).toMatchObject({
      "odoo-platform:domain": "pr-7.localhost",
      "odoo-platform:shell": { enabled: false },
      "odoo-platform:backup": { enabled: false },
    });
    // On to another commit, with what the stack left there.
    writeFileSync(join(tree, "left"), "");
    await layOut({ ...args, commit: newer });
    expect([existsSync(join(tree, addons, "own_two")), existsSync(join(tree, "left"))]).toEqual([true, true]);
    await remove(root, "pr-7");
    expect(existsSync(tree)).toBe(false);
    expect((await git(root, ["worktree", "list"])).stdout.trim().split("\n")).toHaveLength(1);
  });

  it("are served below the address of the stack beside", () => {
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config:\n  odoo-platform:domain: dev.example.com\n");
    expect(domainOf(root, "dev", "pr-7")).toBe("pr-7.dev.example.com");
  });

  it("are refused where the commit names a module that is none", async () => {
    await git(root, ["init", "--quiet"]);
    const args = { root, like: "dev", stack: "pr-7", httpsPort: 9504 };
    const bad = await commit(["base", "$(reboot)"], false, "own_one");
    await expect(layOut({ ...args, commit: bad })).rejects.toThrow("Pulumi.dev.yaml");
  });
});
