import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { buildImages, settleBases } from "../../engine/images.ts";
import { readMachine } from "../../stacks/inputs.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";
import { inputsOf, planOf, ROOT } from "../harness/plans.ts";

let root: string;
let api: EngineApi;
/** Names of images that the Engine has. */
let images: Set<string>;
/** What the builder answers for a name; it is done well unless said otherwise. */
let builds: { [tag: string]: Answer };
const env = { ...process.env };

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "images-"));
  delete process.env["SSL_CERT_FILE"];
  delete process.env["NODE_EXTRA_CA_CERTS"];
  images = new Set();
  builds = {};
  api = await engineApi(({ method, path, query }) => {
    if (method === "GET")
      return images.has(path.replace(/^\/images\/(.*)\/json$/, "$1")) ? { json: { Id: "1" } } : undefined;
    if (path === "/images/create") return { status: 500, json: { message: "no such host" } };
    const name = query["t"] ?? "";
    const failure = builds[name.replace(/^.*\/(.*):.*$/, "$1")];
    if (failure === undefined) images.add(name);
    return failure ?? { text: '{"stream":"done"}\n' };
  });
});
afterEach(async () => {
  process.env = { ...env };
  rmSync(root, { recursive: true });
  await api.close();
});

const short = (tags: readonly string[]) => tags.map((tag) => tag.replace(/^.*\/(.*):.*$/, "$1"));
const built = () => short(api.asked.filter(({ path }) => path === "/build").map(({ query }) => query["t"] ?? ""));

describe("building a plan's images", () => {
  const IMAGES = [
    ...["backup", "edge", "identity", "mail-catcher", "mcp", "monitoring"],
    ...["odoo", "postgres", "shell", "sign-on", "terminal", "vault"],
  ];
  const build = async (source: "registry" | "debian" = "registry") =>
    buildImages(api.docker, ROOT, await planOf("dev", { machine: { imageSource: source } }), () => undefined);

  test("builds each that isn't there", async () => {
    expect(short(await build()).sort()).toEqual(IMAGES);
  });

  test("builds nothing twice", async () => {
    await build();
    expect(await build()).toEqual([]);
    expect(built()).toHaveLength(IMAGES.length);
  });

  test("builds Odoo's after the one that it is built from", async () => {
    await build("debian");
    expect(built().filter((name) => name.startsWith("odoo"))).toEqual(["odoo-debian", "odoo"]);
  });

  test("lets the others finish when one fails, and says which", async () => {
    builds["edge"] = { text: '{"error":"returned a non-zero code: 1"}\n' };
    await expect(build()).rejects.toThrow(
      /^odoo-platform\/edge:[0-9a-f]{12} could not be built: returned a non-zero code: 1/,
    );
    expect(built().sort()).toEqual(IMAGES);
  });

  test("doesn't build on what failed", async () => {
    builds["odoo-debian"] = { text: '{"error":"returned a non-zero code: 1"}\n' };
    await expect(build("debian")).rejects.toThrow(/^odoo-platform\/odoo-debian:/);
    expect(built()).not.toContain("odoo");
  });
});

describe("finding out where bases come from", () => {
  const BASE = "debian:trixie-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132";
  const said: string[] = [];
  const settle = (images = {}) => {
    said.length = 0;
    const config = {
      ...inputsOf("dev").config,
      "odoo-platform:images": JSON.stringify({ debianBase: BASE, ...images }),
    };
    return settleBases(api.docker, root, inputsOf("dev", { config }), (line) => said.push(line));
  };

  test("with a registry in reach, and records it for every later plan", async () => {
    images.add(BASE);
    expect(await settle()).toEqual({ imageSource: "registry" });
    expect(said).toEqual(["images: bases come from the image registry"]);
    expect(readMachine(root, "dev")).toEqual({ imageSource: "registry" });
  });

  test("without one, says why", async () => {
    images.add(`odoo-platform/base:${"e".repeat(12)}`);
    expect(await settle()).toEqual({ imageSource: "debian" });
    expect(said).toEqual([
      expect.stringMatching(/^images: no image registry in reach \(.*no such host.*\); bases are built from/),
    ]);
  });

  test("asks nobody where the stack says it", async () => {
    expect(await settle({ source: "registry" })).toEqual({ imageSource: "registry" });
    expect([said, api.asked]).toEqual([[], []]);
  });

  test("a configuration with faults is refused before anything is asked", async () => {
    await expect(settle({ source: "hub" })).rejects.toThrow("images.source: must be one of auto, registry, debian");
    expect(api.asked).toEqual([]);
  });
});
