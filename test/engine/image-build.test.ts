import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { buildFault, buildImage, hasImage } from "../../engine/image-build.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";

let root: string;
let api: EngineApi;
let answer: Answer;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "image-build-"));
  mkdirSync(join(root, "web/__pycache__"), { recursive: true });
  writeFileSync(join(root, "web/__pycache__/run.pyc"), "bytes");
  writeFileSync(join(root, "web/run"), "#!/bin/sh");
  chmodSync(join(root, "web/run"), 0o755);
  writeFileSync(join(root, "Dockerfile.web"), "FROM scratch\n");
  answer = { text: '{"stream":"Step 1/1 : FROM scratch"}\n{"stream":"Successfully built 1"}\n' };
  api = await engineApi(({ path }) => (path === "/build" || path.startsWith("/images/") ? answer : undefined));
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  await api.close();
});

const build = (args: { context?: string; onLine?: (line: string) => void } = {}) =>
  buildImage(api.docker, {
    dockerfile: join(root, "Dockerfile.web"),
    tag: "shop/web:1",
    args: { BASE: "debian" },
    ...args,
  });

/** What was sent: mode, owner and name of each file. */
function sent(): string[] {
  const { stdout } = spawnSync("tar", ["-tvf", "-", "--numeric-owner"], {
    input: api.asked[0]?.body,
    encoding: "utf8",
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/))
    .map((fields) => [fields[0], fields[1], fields.at(-1)].join(" "));
}

describe("building", () => {
  test("asks for the tag, with the arguments", async () => {
    await build();
    expect(api.asked[0]).toMatchObject({ method: "POST", path: "/build" });
    const { t, buildargs, dockerfile } = api.asked[0]?.query ?? {};
    expect([t, JSON.parse(buildargs ?? "")]).toEqual(["shop/web:1", { BASE: "debian" }]);
    expect(sent()).toContain(`-rw-r--r-- 0/0 ${dockerfile}`);
  });

  test("sends the Dockerfile alone where there is no context", async () => {
    await build();
    expect(sent()).toHaveLength(1);
  });

  test("sends a context with its modes, as root's, without litter", async () => {
    await build({ context: join(root, "web") });
    expect(sent()).toContain("-rwxr-xr-x 0/0 run");
    expect(sent().join()).not.toContain("pycache");
  });

  test("passes on what the builder prints", async () => {
    const lines: string[] = [];
    await build({ onLine: (line) => lines.push(line) });
    expect(lines).toEqual(["Step 1/1 : FROM scratch", "Successfully built 1"]);
  });

  test("fails with what the builder says, after an answer of 200", async () => {
    answer = { text: '{"stream":"Step 2/3 : RUN false"}\n{"error":"the command returned a non-zero code: 1"}\n' };
    await expect(build()).rejects.toThrow(
      new Fault("shop/web:1 could not be built: the command returned a non-zero code: 1\nStep 2/3 : RUN false"),
    );
  });
});

describe("what mends a failed build", () => {
  test.each(["write /var/lib/docker/tmp/x: no space left on device", "No space left on device"])(
    "disk full: %s",
    (message) => {
      expect(buildFault("shop/web:1", message, [])).toEqual(
        new Fault(
          `The disk is full: shop/web:1 could not be built (${message}). Free space, for instance with \`docker system prune\`, then repeat the command; finished layers are kept.`,
        ),
      );
    },
  );

  test("disk full, as the command said that was run", () => {
    expect(
      buildFault("a:1", "returned a non-zero code: 2", ["tar: write error: No space left on device\n"]).message,
    ).toMatch(/^The disk is full/);
  });

  test.each([
    "Get https://registry-1.docker.io/v2/: dial tcp: lookup registry-1.docker.io: no such host",
    "net/http: TLS handshake timeout",
    "dial tcp 10.0.0.1:443: connect: connection refused",
    "read tcp: i/o timeout",
    "error pulling image configuration: download failed after attempts=6: EOF",
    "unexpected EOF",
  ])("a registry that stopped answering: %s", (message) => {
    expect(buildFault("shop/web:1", message, [])).toEqual(
      new Fault(
        `A registry or mirror stopped answering while shop/web:1 was built (${message}). Repeat the command when it is back; finished layers are kept. Without any image registry set images.source: debian.`,
      ),
    );
  });

  test("a mirror that can't be resolved, as apt says it", () => {
    const said = ["Err:1 http://deb.debian.org trixie\n", "  Temporary failure resolving 'deb.debian.org'\n"];
    expect(buildFault("a:1", "returned a non-zero code: 100", said).message).toMatch(
      /^A registry or mirror stopped answering/,
    );
  });

  test("anything else: the builder's message and the end of what it printed", () => {
    const printed = Array.from({ length: 40 }, (_, line) => `line ${line}\n`);
    const { message } = buildFault("a:1", "returned a non-zero code: 1", printed);
    expect(message.split("\n").slice(0, 2)).toEqual(["a:1 could not be built: returned a non-zero code: 1", "line 25"]);
    expect(message.trimEnd()).toMatch(/line 39$/);
  });
});

describe("whether an image is there", () => {
  test("it is", async () => {
    answer = { json: { Id: "sha256:1" } };
    expect(await hasImage(api.docker, "shop/web:1")).toBe(true);
    expect(api.asked[0]?.path).toBe("/images/shop/web:1/json");
  });

  test("it isn't", async () => {
    answer = { status: 404, json: { message: "No such image" } };
    expect(await hasImage(api.docker, "shop/web:1")).toBe(false);
  });

  test("can't be told: building it again would hide why", async () => {
    answer = { status: 500, json: { message: "layer store is broken" } };
    await expect(hasImage(api.docker, "shop/web:1")).rejects.toThrow("layer store is broken");
  });
});
