import { Readable } from "node:stream";

import type Docker from "dockerode";
import { pack } from "tar-fs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  filesIn,
  parseHeader,
  readContainerFile,
  readContainerFolder,
  statContainerPath,
} from "../../probes/archive.ts";

let archive: Buffer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
  writeFileSync(join(folder, "odoo-db-password"), "s3cret", { mode: 0o444 });
  writeFileSync(join(folder, "empty"), "");
  writeFileSync(join(folder, "long"), "x".repeat(1300));
  // Names as the Engine gives them: below the folder that was asked for.
  archive = await buffer(
    pack(folder, { map: (header) => ({ ...header, name: `secrets/${header.name}`, uid: 100, gid: 101 }) }),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** An Engine that gives this archive for every path. */
function engineWith(answer: () => Promise<Readable>): Docker {
  return { getContainer: () => ({ getArchive: answer }) } as unknown as Docker;
}

describe("an archive", () => {
  it("gives its files by name, whole", () => {
    const files = filesIn(archive);
    expect(Object.fromEntries(files)).toEqual({ "odoo-db-password": "s3cret", empty: "", long: "x".repeat(1300) });
  });

  it("that is empty gives none", () => {
    expect(filesIn(Buffer.alloc(1024)).size).toBe(0);
    expect(filesIn(Buffer.alloc(0)).size).toBe(0);
  });

  it("tells owner and mode in its headers", async () => {
    const engine = engineWith(() => Promise.resolve(Readable.from([archive])));
    expect(await statContainerPath(engine, "c", "/p")).toMatchObject({ uid: 100, gid: 101 });
    expect(parseHeader(Buffer.alloc(512))).toBeUndefined();
  });

  it("that comes in pieces is put together", async () => {
    const pieces = Array.from({ length: Math.ceil(archive.length / 100) }, (_, at) =>
      archive.subarray(at * 100, (at + 1) * 100),
    );
    const engine = engineWith(() => Promise.resolve(Readable.from(pieces)));
    expect((await readContainerFolder(engine, "c", "/run/secrets")).get("odoo-db-password")).toBe("s3cret");
  });

  it("of a path that isn't there names container and path", async () => {
    const engine = engineWith(() => Promise.reject(Object.assign(new Error("no such file"), { statusCode: 404 })));
    await expect(readContainerFile(engine, "dev-postgres", "/x")).rejects.toThrow(
      "dev-postgres is not there, or has no /x",
    );
  });
});
