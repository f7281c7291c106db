import { heldFile } from "../../stacks/held.ts";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { RunError } from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { DOCKERFILES } from "../../components/images.ts";
import { fileDigest, hashFolders, readEvidence, readInputs, readMachine } from "../../stacks/inputs.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "inputs-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), mode);
}

const EVIDENCE: Evidence = {
  task: "2.5",
  stack: "dev",
  holds: true,
  measured: { version: 17 },
  limit: 17,
  at: "2026-01-02T03:04:05Z",
  ttlDays: 7,
  commit: "",
  planDigest: "d",
  files: {},
  detail: "PostgreSQL 17 answers",
};

describe("the hash of folders", () => {
  const hash = () => hashFolders(root, ["image"], ["Dockerfile"]);
  beforeEach(() => {
    write("Dockerfile", "FROM x");
    write("image/run", "#!/bin/sh", 0o755);
    write("image/lib/part", "text");
  });

  test("is the same for the same files, wherever they lie and whatever their dates", () => {
    const before = hash();
    const elsewhere = mkdtempSync(join(tmpdir(), "inputs-"));
    [root] = [elsewhere, rmSync(root, { recursive: true })];
    write("image/lib/part", "text", 0o600);
    write("image/run", "#!/bin/sh", 0o700);
    write("Dockerfile", "FROM x");
    expect(hash()).toBe(before);
  });

  test.each<[string, () => void]>([
    ["a file's text", () => write("image/lib/part", "other")],
    ["a file's name", () => write("image/lib/more", "text")],
    ["whether it can be run", () => chmodSync(join(root, "image/run"), 0o644)],
    ["the Dockerfile", () => write("Dockerfile", "FROM y")],
  ])("changes with %s", (_what, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  test("leaves out what Python leaves behind, as builds do", () => {
    const before = hash();
    write("image/lib/__pycache__/part.pyc", "bytes");
    expect(hash()).toBe(before);
  });

  test("of folders that aren't there is the hash of nothing", () => {
    expect(hashFolders(root, ["gone"])).toBe(hashFolders(root, []));
  });
});

test("the digest of a file is its SHA-256", () => {
  write("a", "abc");
  expect(fileDigest(join(root, "a"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

describe("the facts of this machine", () => {
  const FILE = ".platform/dev/machine.json";
  const MEND = `Remove it, and run \`npm run platform -- images --stack dev\` to write it anew.`;

  test("are undefined where none were recorded", () => {
    expect(readMachine(root, "dev")).toBeUndefined();
  });

  test("are those of the stack", () => {
    write(FILE, '{ "imageSource": "debian", "buildBase": "shop/build-base:1" }');
    expect([readMachine(root, "dev"), readMachine(root, "staging")]).toEqual([
      { imageSource: "debian", buildBase: "shop/build-base:1" },
      undefined,
    ]);
  });

  test("that were cut off say which file to remove", () => {
    write(FILE, '{ "imageSour');
    expect(() => readMachine(root, "dev")).toThrow(new RunError(`${FILE} is not JSON. ${MEND}`));
  });

  test("that are others than known say what is wrong", () => {
    write(FILE, '{ "imageSource": "hub" }');
    expect(() => readMachine(root, "dev")).toThrow(`${FILE} is not what it should be. ${MEND}\n✖ Invalid option`);
  });
});

describe("evidence", () => {
  test("is every file of the stack's folder, and none of another's", () => {
    write("evidence/dev/2.5.json", JSON.stringify(EVIDENCE));
    write("evidence/dev/2.4.json", JSON.stringify({ ...EVIDENCE, task: "2.4" }));
    write("evidence/dev/notes.md", "not evidence");
    write("evidence/prod/2.5.json", JSON.stringify({ ...EVIDENCE, stack: "prod" }));
    expect(readEvidence(root, "dev")).toEqual([{ ...EVIDENCE, task: "2.4" }, EVIDENCE]);
  });

  test("of a stack that has none is nothing", () => {
    expect(readEvidence(root, "dev")).toEqual([]);
  });

  // Left out, it would turn a NO-GO into a PENDING.
  test.each([
    ["cut off", '{ "task": "2.', "evidence/dev/2.5.json is not JSON."],
    [
      "without its verdict",
      JSON.stringify({ ...EVIDENCE, holds: undefined }),
      "evidence/dev/2.5.json is not what it should be.",
    ],
    [
      "with more than evidence holds",
      JSON.stringify({ ...EVIDENCE, password: "x" }),
      "evidence/dev/2.5.json is not what it should be.",
    ],
  ])("that is %s stops the program", (_how, text, sentence) => {
    write("evidence/dev/2.5.json", text);
    expect(() => readEvidence(root, "dev")).toThrow(
      `${sentence} Run \`npm run platform -- verify --stack dev\` to take it again.`,
    );
  });
});

describe("everything that the program takes from outside", () => {
  const origin = { project: "shop", stack: "dev", config: { "shop:domain": "localhost" } };
  const now = new Date("2026-01-02T03:04:05Z");
  const read = () => readInputs(root, origin, now);

  beforeEach(() => {
    for (const name of Object.values(DOCKERFILES)) {
      write(`docker/${name}`, "FROM x");
    }
    write("components/odoo.ts", "export {}");
    write("Pulumi.dev.yaml", "config: {}");
  });

  test("is what was given, and what lies in the project's folder", () => {
    write("evidence/dev/2.5.json", JSON.stringify(EVIDENCE));
    expect(read()).toMatchObject({ ...origin, now, machine: undefined, evidence: [EVIDENCE] });
  });

  test.each([
    ["is no JSON", "{", "is not JSON"],
    ["names no image", JSON.stringify({ modules: ["base"] }), "is not what it should be"],
  ])("what is held refuses to be read where it %s, and says what mends it", (_what, text, why) => {
    write(heldFile("dev"), text);
    expect(read).toThrow(
      `${heldFile("dev")} ${why}. Remove it, and run \`npm run platform -- update --stack dev\` to serve what the sources say.`,
    );
  });

  test("an image's hash is of its own folder and Dockerfile", () => {
    const before = read().imageHashes;
    write("docker/postgres/postgresql.conf", "ssl = on");
    const { postgres, ...others } = read().imageHashes;
    expect(postgres).not.toBe(before.postgres);
    expect(before).toMatchObject(others);
  });

  test.each(["components/odoo.ts", "stacks/program.ts", "docker/edge/Caddyfile"])(
    "the digest of the sources covers %s",
    (path) => {
      const before = read().sourcesDigest;
      write(path, "changed");
      expect(read().sourcesDigest).not.toBe(before);
    },
  );

  test("the digest of the sources leaves documents and tests alone", () => {
    const before = read().sourcesDigest;
    write("docs/RUNBOOK.md", "text");
    write("test/odoo.test.ts", "text");
    expect(read().sourcesDigest).toBe(before);
  });

  test("files that tasks speak of have their digests; one that is gone has none", () => {
    expect(read().files).toMatchObject({ "Pulumi.dev.yaml": fileDigest(join(root, "Pulumi.dev.yaml")) });
    expect(Object.keys(read().files)).not.toContain("Pulumi.prod.yaml");
  });
});
