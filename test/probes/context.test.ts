import { Readable } from "node:stream";

import type Docker from "dockerode";
import { describe, expect, it } from "vitest";

import { openContext } from "../../probes/context.ts";
import { planOf, ROOT } from "../harness/plans.ts";

const plan = await planOf("dev");

/** A tar archive with these files, as the Engine gives one. */
function archiveOf(files: { readonly [name: string]: string }): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(`secrets/${name}`, 0);
    header.write(text.length.toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    return [header, Buffer.concat([Buffer.from(text), Buffer.alloc(512 - text.length)])];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function open(files: { readonly [name: string]: string }) {
  const reads: string[] = [];
  const getContainer = (name: string) => ({
    getArchive: ({ path }: { path: string }) => {
      reads.push(`${name}:${path}`);
      return Promise.resolve(Readable.from([archiveOf(files)]));
    },
    exec: () => Promise.reject(Object.assign(new Error("HTTP"), { statusCode: name.endsWith("edge") ? 409 : 404 })),
  });
  return { reads, ...openContext({ root: ROOT, docker: { getContainer } as unknown as Docker, plan }) };
}

describe("a secret", () => {
  it("is read from the container that was given it, all of a container's at once", async () => {
    const { context, reads, secretsRead } = open({ "odoo-db-password": "abc\n", "superset-password": "def" });
    expect(await context.secret("postgres-init", "odoo-db-password")).toBe("abc");
    expect(await context.secret("postgres-init", "superset-password")).toBe("def");
    expect(reads).toEqual(["odoo-platform-dev-postgres-init:/run/secrets"]);
    expect(secretsRead()).toEqual(["abc", "def"]);
  });

  it("that a container was not given, or that is empty, is an error", async () => {
    const { context } = open({ "odoo-db-password": "\n" });
    for (const name of ["odoo-db-password", "exporter-password"]) {
      await expect(context.secret("postgres-init", name)).rejects.toThrow(
        `odoo-platform-dev-postgres-init was given no secret ${name}`,
      );
    }
  });
});

describe("a command in a container", () => {
  it("that isn't there, or doesn't run, fails with what mends it", async () => {
    const { context } = open({});
    await expect(context.exec("postgres", ["true"])).rejects.toThrow(
      "there is no container odoo-platform-dev-postgres; run `npm run platform -- up --stack dev`",
    );
    await expect(context.exec("edge", ["true"])).rejects.toThrow(
      "odoo-platform-dev-edge is not running; run `npm run platform -- up --stack dev`",
    );
  });

  it("in a service that isn't planned is refused", async () => {
    await expect(open({}).context.exec("swarm", ["true"])).rejects.toThrow("the plan of dev has no service swarm");
  });
});
