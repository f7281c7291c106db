import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { codeOf, rememberServed } from "../../../engine/update/served.ts";
import { servedNow } from "../../../engine/update/update.ts";
import { type EngineApi, engineApi } from "../../harness/engine-api.ts";
import { planOf } from "../../harness/plans.ts";

let root: string;
let api: EngineApi;
let startedAt: string | undefined;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "update-"));
  startedAt = undefined;
  api = await engineApi(({ path }) =>
    startedAt === undefined || path !== "/containers/odoo-platform-dev-odoo/json"
      ? undefined
      : {
          json: {
            Config: { Image: "odoo-platform/odoo:other", Env: ["A=b", "ODOO_MODULES=base,shop"] },
            State: { StartedAt: startedAt },
          },
        },
  );
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  await api.close();
});

describe("the code that a stack serves", () => {
  it("is that of its container, whatever was served last", async () => {
    const plan = await planOf("dev");
    rememberServed(root, plan);
    startedAt = "2026-01-02T03:04:05Z";
    expect(await servedNow({ root, docker: api.docker, plan })).toEqual({
      image: "odoo-platform/odoo:other",
      modules: ["base", "shop"],
    });
  });

  it.each([
    ["is gone", undefined],
    ["was made by a deployment that was killed, and never started", "0001-01-01T00:00:00Z"],
  ])("is what served last where the container %s", async (_what, at) => {
    const plan = await planOf("dev");
    startedAt = at;
    expect(await servedNow({ root, docker: api.docker, plan })).toBeUndefined();
    rememberServed(root, plan);
    expect(await servedNow({ root, docker: api.docker, plan })).toEqual(codeOf(plan));
  });
});
