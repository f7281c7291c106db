import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { putFiles } from "../../engine/volume-files.ts";
import { parseHeader } from "../../probes/archive.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";

let folder: string;
let api: EngineApi;
let answer: Answer | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
  writeFileSync(join(folder, "index.html"), "<p>text</p>", { mode: 0o600 });
  answer = {};
  api = await engineApi(() => answer);
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const put = () => putFiles(api.docker, { container: "shop-edge", path: "/srv/status", folder, uid: 1000, gid: 1001 });

describe("files for a volume", () => {
  it("go as an archive to where it is mounted, owned by who serves them, readable", async () => {
    expect(await put()).toBe(true);
    expect(api.asked).toMatchObject([
      { method: "PUT", path: "/containers/shop-edge/archive", query: { path: "/srv/status" } },
    ]);
    const body = api.asked[0]?.body ?? Buffer.alloc(0);
    const entries = [0, 512].map((at) => parseHeader(body.subarray(at, at + 512)));
    expect(entries).toMatchObject([
      { file: false, mode: 0o755, uid: 1000, gid: 1001 },
      { name: "index.html", file: true, mode: 0o644, uid: 1000, gid: 1001, size: 11 },
    ]);
    expect(body.toString("utf8", 1024, 1035)).toBe("<p>text</p>");
  });

  it("go nowhere where there is no such container or path", async () => {
    answer = undefined;
    expect(await put()).toBe(false);
  });

  it("that the Engine refuses are an error", async () => {
    answer = { status: 400, json: { message: "container rootfs is marked read-only" } };
    await expect(put()).rejects.toThrow("container rootfs is marked read-only");
  });
});
