import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildImage, hasImage } from "../../engine/image-build.ts";
import { type Plan, resourcesOf, TYPES } from "../../plan/plan.ts";
import { docker } from "./harness/docker.ts";
import { succeed } from "./harness/platform.ts";

/** Faults of the real builder; no image comes of them. */
const TAG = "odoo-platform/faulty:1";
let folder: string;
let base: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "build-faults-"));
  await succeed(["images"]);
  const plan = JSON.parse((await succeed(["plan", "--json"])).stdout) as Plan;
  const build = resourcesOf(plan, TYPES.image).find(({ name }) => name === "postgres")?.inputs["build"];
  base = (build as { args: { BASE: string } }).args.BASE;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function faultOf(dockerfile: string): Promise<string> {
  const path = join(folder, "Dockerfile");
  writeFileSync(path, dockerfile);
  const fault = await buildImage(docker, { dockerfile: path, tag: TAG, args: {} }).then(
    () => "it was built",
    (error: unknown) => (error as Error).message,
  );
  expect(await hasImage(docker, TAG)).toBe(false);
  return fault;
}

describe("while an image is built", () => {
  it("the disk is full: it says so in one sentence, with what mends it", async () => {
    // A device of the build's own, 64 MiB of memory: what is shared by all is left alone.
    const full = "RUN head --bytes=80M /dev/zero > /dev/shm/fill && echo there was room";
    expect(await faultOf(`FROM ${base}\n${full}\n`)).toMatch(
      new RegExp(
        `^The disk is full: ${TAG} could not be built \\(.+\\)\\. Free space, .+ finished layers are kept\\.$`,
      ),
    );
  });

  describe("the registry goes away half-way", () => {
    let registry: Server;
    const asked: string[] = [];

    beforeAll(async () => {
      registry = halfRegistry(asked);
      await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => registry.close());

    it("it says so in one sentence, with what mends it", async () => {
      const { port } = registry.address() as AddressInfo;
      expect(await faultOf(`FROM 127.0.0.1:${port}/half:1\n`)).toMatch(
        new RegExp(`^A registry or mirror stopped answering while ${TAG} was built \\(.+\\)\\. Repeat the command`),
      );
      // Half-way: it had described the image.
      expect(asked.map((url) => url.split("/").at(-2))).toEqual(expect.arrayContaining(["manifests", "blobs"]));
    });
  });
});

/** Describes an image, and hangs up when its parts are asked for. */
function halfRegistry(asked: string[]): Server {
  const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 1000, digest: digest("config") },
    layers: [
      { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 1_000_000, digest: digest("layer") },
    ],
  });
  return createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url?.includes("/blobs/") === true) {
      request.socket.destroy();
      return;
    }
    response.setHeader("docker-distribution-api-version", "registry/2.0");
    if (request.url?.includes("/manifests/") !== true) {
      response.end("{}");
      return;
    }
    response.setHeader("content-type", "application/vnd.docker.distribution.manifest.v2+json");
    response.setHeader("docker-content-digest", digest(manifest));
    response.setHeader("content-length", Buffer.byteLength(manifest));
    response.end(request.method === "HEAD" ? undefined : manifest);
  });
}
