import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { publishStatusPage } from "../../engine/status-page.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";
import { planOf, type StackName } from "../harness/plans.ts";

let root: string;
let api: EngineApi;
let answer: Answer | undefined;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "page-"));
  answer = {};
  api = await engineApi(() => answer);
});
afterEach(async () => {
  await api.close();
  rmSync(root, { recursive: true });
});

const publish = async (stack: StackName) =>
  publishStatusPage({ root, docker: api.docker, plan: await planOf(stack), now: new Date("2026-01-02T03:04:05Z") });

describe("the status page", () => {
  it("of dev is written, and handed to the edge, which serves it", async () => {
    const file = ".platform/dev/status/index.html";
    expect(await publish("dev")).toEqual({ file, url: "https://status.localhost:8443" });
    const html = readFileSync(join(root, file), "utf8");
    expect(html).toContain('<time datetime="2026-01-02T03:04:05.000Z">');
    expect(html).toContain('<a href="https://odoo.localhost:8443">');
    expect(html).toContain("2.13 Connections and memory fit");
    expect(api.asked).toMatchObject([{ method: "PUT", path: "/containers/odoo-platform-dev-edge/archive" }]);
    expect(api.asked[0]?.body.toString("utf8")).toContain("2.13 Connections and memory fit");
    expect(readdirSync(join(root, ".platform/dev/status"))).toEqual(["index.html"]);
  });

  it("of a stack whose edge isn't there is written only", async () => {
    answer = undefined;
    expect(await publish("dev")).toEqual({ file: ".platform/dev/status/index.html" });
  });

  it.each(["staging", "prod"] as const)("of %s, where nobody signs on yet, is handed to nobody", async (stack) => {
    expect(await publish(stack)).toEqual({ file: `.platform/${stack}/status/index.html` });
    expect(api.asked).toEqual([]);
  });
});
