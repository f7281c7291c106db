import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { closePreview, reasonToSweep, sweep } from "../../../engine/preview/close.ts";
import { readPreviews, writePreview } from "../../../engine/preview/preview.ts";
import { type EngineApi, engineApi } from "../../harness/engine-api.ts";
import { preview } from "./preview.ts";

const GIB = 1024 ** 3;
let root: string;
let api: EngineApi;
/** Stacks that have a container, a volume and a network. */
let stacks: string[];
const args = () => ({ root, docker: api.docker, project: "odoo-platform" });

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "previews-"));
  stacks = [];
  api = await engineApi(({ method, path, query }) => {
    if (method === "DELETE") return path.startsWith("/images/") ? { json: [] } : { status: 204 };
    const wanted = (JSON.parse(query["filters"] ?? '{"label":[]}') as { label: string[] }).label[0]?.split("=")[1];
    const of = stacks.filter((stack) => wanted === undefined || wanted === stack);
    const labels = (stack: string) => ({ Labels: { "odoo-platform.stack": stack } });
    if (path === "/containers/json") return { json: of.map((stack) => ({ Id: `${stack}-odoo`, ...labels(stack) })) };
    if (path === "/networks") return { json: of.map((stack) => ({ Id: `${stack}-data`, ...labels(stack) })) };
    const volumes = of.map((stack) => ({ Name: `${stack}-files`, ...labels(stack), UsageData: { Size: 2 * GIB } }));
    if (path === "/volumes") return { json: { Volumes: volumes } };
    if (path === "/system/df") return { json: { Volumes: volumes } };
    return undefined;
  });
});
afterEach(async () => {
  await api.close();
  rmSync(root, { recursive: true });
});
const removed = () => api.asked.filter(({ method }) => method === "DELETE").map(({ path }) => path);

describe("closing a preview", () => {
  it("removes all that it has, and images that no other one has", async () => {
    stacks = ["odoo-platform-pr-12", "odoo-platform-pr-13", "odoo-platform-dev"];
    writePreview(root, { ...preview, images: ["odoo:own", "odoo:shared"] });
    writePreview(root, { ...preview, number: 13, slot: 1, images: ["odoo:shared"] });
    await closePreview(args(), 12);
    expect(removed()).toEqual([
      "/containers/odoo-platform-pr-12-odoo",
      "/volumes/odoo-platform-pr-12-files",
      "/networks/odoo-platform-pr-12-data",
      "/images/odoo:own",
    ]);
    expect(readPreviews(root).map(({ number }) => number)).toEqual([13]);
  });

  it("of one that isn't there does nothing", async () => {
    stacks = ["odoo-platform-pr-13"];
    await closePreview(args(), 12);
    expect(removed()).toEqual([]);
  });
});

describe("sweeping", () => {
  const at = (now: string, mostGiB = 10) => ({ ...args(), now: new Date(now), mostGiB });

  it("removes what is over, and leaves what isn't", async () => {
    stacks = ["odoo-platform-pr-12", "odoo-platform-pr-13"];
    writePreview(root, preview);
    writePreview(root, { ...preview, number: 13, slot: 1, endsAt: "2026-02-01T00:00:00.000Z" });
    expect(await sweep(at(preview.endsAt))).toEqual([`pr-12 is gone: its time ended at ${preview.endsAt}`]);
    expect(readPreviews(root).map(({ number }) => number)).toEqual([13]);
    expect(removed().every((path) => path.includes("pr-12"))).toBe(true);
  });

  it("removes what has grown too large, by all of its volumes", async () => {
    stacks = ["odoo-platform-pr-12"];
    writePreview(root, preview);
    expect(await sweep(at(preview.openedAt, 2))).toEqual([]);
    expect(await sweep(at(preview.openedAt, 1))).toEqual(["pr-12 is gone: its data is 2.0 GiB, and 1 are allowed"]);
  });

  it("removes what is on no record, but neither the template nor any other stack", async () => {
    stacks = ["odoo-platform-pr-0", "odoo-platform-pr-9", "odoo-platform-dev", "odoo-platform-pr", "other-pr-3"];
    expect(await sweep(at(preview.openedAt))).toEqual(["pr-9 is gone: it was on no record"]);
    expect(removed().every((path) => path.includes("odoo-platform-pr-9-"))).toBe(true);
  });

  it.each([
    ["2026-01-04T09:59:59.999Z", 0, undefined],
    ["2026-01-04T10:00:00.000Z", 0, "its time ended at 2026-01-04T10:00:00.000Z"],
    ["2026-01-04T09:00:00.000Z", 10 * GIB, undefined],
    ["2026-01-04T09:00:00.000Z", 10.06 * GIB, "its data is 10.1 GiB, and 10 are allowed"],
  ])("at %s with %d bytes: %s", (now, bytes, why) => {
    expect(reasonToSweep(preview, { now: new Date(now), mostGiB: 10, bytes })).toBe(why);
  });
});
