import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { buildBuildBase, buildDebianBase, findRegistry, hostBundle, writeMachine } from "../../engine/image-source.ts";
import { readMachine } from "../../stacks/inputs.ts";
import { type Answer, type EngineApi, engineApi } from "../harness/engine-api.ts";
import { ROOT } from "../harness/plans.ts";

// That debootstrap makes a base, and a build trusts what the host trusts, is for the end-to-end tests.

let folder: string;
let api: EngineApi;
let answers: { [path: string]: Answer };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "image-source-"));
  answers = {};
  api = await engineApi(({ path }) => answers[path]);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});
const silent = () => undefined;
const asked = () => api.asked.map(({ method, path }) => `${method} ${path}`);

describe("whether images can be pulled", () => {
  test("nobody is asked where the base is there", async () => {
    answers["/images/debian:13/json"] = { json: { Id: "sha256:1" } };
    expect(await findRegistry(api.docker, "debian:13")).toEqual({ inReach: true });
    expect(asked()).toEqual(["GET /images/debian:13/json"]);
  });

  test("it is tried with the base itself", async () => {
    answers["/images/create"] = { text: '{"status":"Pulling from library/debian"}\n{"status":"Downloaded"}\n' };
    expect(await findRegistry(api.docker, "debian:13")).toEqual({ inReach: true });
    expect(api.asked.at(-1)?.query).toMatchObject({ fromImage: "debian", tag: "13" });
  });

  test("a registry that doesn't answer says why", async () => {
    answers["/images/create"] = { status: 500, json: { message: "dial tcp: no such host" } };
    expect(await findRegistry(api.docker, "debian:13")).toEqual({
      inReach: false,
      why: expect.stringContaining("dial tcp: no such host") as unknown,
    });
  });

  test("one that stops half-way does too, though its answer began well", async () => {
    answers["/images/create"] = { text: '{"status":"Pulling"}\n{"error":"unexpected EOF"}\n' };
    expect(await findRegistry(api.docker, "debian:13")).toEqual({ inReach: false, why: "unexpected EOF" });
  });
});

test("a Debian base that is there isn't made again", async () => {
  answers["/images/shop/base:1/json"] = { json: { Id: "sha256:1" } };
  await expect(buildDebianBase(api.docker, ROOT, "shop/base:1", silent)).resolves.toBeUndefined();
  expect(asked()).toEqual(["GET /images/shop/base:1/json"]);
});

describe("the CA bundle that the host names", () => {
  const bundle = () => {
    const path = join(folder, "ca.crt");
    writeFileSync(path, "-----BEGIN CERTIFICATE-----");
    return path;
  };

  test("is none where the environment names none", () => {
    expect([hostBundle({}), hostBundle({ SSL_CERT_FILE: "", NODE_EXTRA_CA_CERTS: "" })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("is OpenSSL's before Node's", () => {
    const path = bundle();
    expect(hostBundle({ SSL_CERT_FILE: path, NODE_EXTRA_CA_CERTS: "/other" })).toBe(path);
    expect(hostBundle({ NODE_EXTRA_CA_CERTS: path })).toBe(path);
  });

  test("that is named and isn't there is a fault: builds would fail later, one by one", () => {
    expect(() => hostBundle({ SSL_CERT_FILE: "/gone/ca.crt" })).toThrow(
      new Fault(
        "The CA bundle /gone/ca.crt that the environment names does not exist. Unset SSL_CERT_FILE and NODE_EXTRA_CA_CERTS, or mend the path.",
      ),
    );
  });
});

describe("the base of build stages", () => {
  const env = { ...process.env };
  beforeEach(() => {
    delete process.env["NODE_EXTRA_CA_CERTS"];
    delete process.env["SSL_CERT_FILE"];
  });
  afterEach(() => {
    process.env = { ...env };
  });
  const make = (base = "debian@sha256:1") => buildBuildBase(api.docker, { root: ROOT, project: "shop", base }, silent);
  const trust = (text: string) => {
    writeFileSync(join(folder, "ca.crt"), text);
    process.env["SSL_CERT_FILE"] = join(folder, "ca.crt");
  };

  test("is the base itself on a host without a CA of its own", async () => {
    expect(await make()).toBe("debian@sha256:1");
    expect(asked()).toEqual([]);
  });

  test("carries the host's CA, and is named by it and by the base", async () => {
    answers["/build"] = { text: '{"stream":"done"}\n' };
    trust("one");
    const one = await make();
    expect(one).toMatch(/^shop\/build-base:[0-9a-f]{12}$/);
    expect(api.asked.at(-1)?.body.toString("latin1")).toContain("one");
    expect(await make("debian@sha256:2")).not.toBe(one);
    trust("two");
    expect(await make()).not.toBe(one);
  });

  test("is made once, and leaves no copy of the CA behind", async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("odoo-platform-ca-"));
    const before = left();
    answers["/build"] = { text: '{"stream":"done"}\n' };
    trust("one");
    answers[`/images/${await make()}/json`] = { json: { Id: "sha256:1" } };
    await make();
    expect(asked().filter((line) => line === "POST /build")).toHaveLength(1);
    expect(left()).toEqual(before);
  });
});

test("facts of a machine are written whole, and read back", () => {
  const machine = { imageSource: "debian", buildBase: "shop/build-base:1" } as const;
  writeMachine(folder, "dev", machine);
  expect(readMachine(folder, "dev")).toEqual(machine);
  expect(existsSync(join(folder, ".platform/dev/machine.json.new"))).toBe(false);
});
