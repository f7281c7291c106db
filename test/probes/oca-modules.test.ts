import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ocaModules } from "../../probes/oca-modules.ts";
import { ROOT } from "../harness/plans.ts";
import { contextWith, printed } from "./fixtures.ts";

const { addons } = JSON.parse(readFileSync(join(ROOT, "oca.lock.json"), "utf8")) as {
  addons: Record<string, { digest: string }>;
};
const digests = () => Object.fromEntries(Object.entries(addons).map(([name, { digest }]) => [name, digest]));

const measure = async (found: Record<string, string>) =>
  ocaModules.measure(
    await contextWith({
      exec: (service) => Promise.resolve(printed(service === "odoo" ? JSON.stringify(found) : '["auditlog", "base"]')),
    }),
  );

describe("addons in the running Odoo", () => {
  it("are those of the lock, besides our own", async () => {
    const { holds, detail, measured } = await measure({ ...digests(), ipai_platform: "0".repeat(64) });
    expect([holds, detail]).toEqual([
      true,
      expect.stringMatching(/^Odoo has all \d\d locked addons, byte for byte; 1 of them/),
    ]);
    expect(measured).toMatchObject({ installed: ["auditlog", "base"] });
  });

  it("are not where one was altered", async () => {
    const { holds, detail } = await measure({ ...digests(), queue_job: "0".repeat(64) });
    expect([holds, detail]).toEqual([
      false,
      expect.stringMatching(/^queue_job has digest 000000000000; the lock says/),
    ]);
  });

  it("are not where one is missing", async () => {
    const rest = digests();
    delete rest["auditlog"];
    expect(await measure(rest)).toMatchObject({ holds: false, detail: "auditlog is not in the image" });
  });

  it("can't be measured where the container does not answer", async () => {
    const exec = () => Promise.resolve(printed("", { exitCode: 1, stderr: "no python3" }));
    await expect(ocaModules.measure(await contextWith({ exec }))).rejects.toThrow(/no python3/);
  });
});
