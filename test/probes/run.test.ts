import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { gateFacts } from "../../gates/json.ts";
import { taskFiles } from "../../gates/tasks.ts";
import { evidenceFolder, writeEvidence } from "../../probes/evidence-store.ts";
import type { Measurement, Probe } from "../../probes/probe.ts";
import { chooseProbes, type RunArgs, runProbes, takeEvidence } from "../../probes/run.ts";
import { readEvidence } from "../../stacks/inputs.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { COMMIT, planOf, ROOT } from "../harness/plans.ts";
import { giveKey, makeSigner } from "../harness/signer.ts";
import { contextWith, HELD, NOW, probeThat } from "./fixtures.ts";

const FELL: Measurement = { holds: false, measured: 0, limit: 1, detail: "it is open" };
const plan = await planOf("dev");

/** Evidence of one probe. */
async function take(
  probe: Probe,
  secrets: readonly string[] = [],
): Promise<{ evidence: Evidence; mends: readonly string[] }> {
  return takeEvidence(probe, await contextWith(), { secretsRead: () => secrets });
}

describe("taking evidence", () => {
  it("records what was found, of which plan, with which sources, and for how long", async () => {
    const { evidence, mends } = await take(probeThat(() => Promise.resolve(HELD), { task: "1.3", mends: ["odoo"] }));
    expect(evidence).toEqual({
      task: "1.3",
      stack: "dev",
      holds: true,
      measured: { rules: 9 },
      limit: { rules: 9 },
      at: "2026-03-01T12:00:00.000Z",
      ttlDays: 7,
      commit: COMMIT,
      planDigest: gateFacts(plan).planDigest,
      files: { "docker/Dockerfile.ce19": expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      detail: "9 rules",
    });
    expect(mends).toEqual([]);
  });

  it("names what to make anew where the claim does not hold; the measurement knows it better than the probe", async () => {
    const fell = (changes: Partial<Measurement> = {}) =>
      probeThat(() => Promise.resolve({ ...FELL, ...changes }), { mends: ["postgres"] });
    expect((await take(fell())).mends).toEqual(["postgres"]);
    expect((await take(fell({ mends: ["odoo"] }))).mends).toEqual(["odoo"]);
  });

  it("takes a probe that throws for a claim that does not hold, with the error", async () => {
    const { evidence } = await take(probeThat(() => Promise.reject(new Error("connection refused"))));
    expect(evidence).toMatchObject({
      holds: false,
      measured: null,
      detail: "could not be measured: connection refused",
    });
  });

  it("takes a probe that throws at once, or throws no error, the same way", async () => {
    const atOnce = probeThat(() => {
      throw new Error("no such setting");
    });
    expect((await take(atOnce)).evidence.detail).toBe("could not be measured: no such setting");
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- code of others may do so
    expect((await take(probeThat(() => Promise.reject("no reason")))).evidence.detail).toBe(
      "could not be measured: no reason",
    );
  });

  it.each([
    ["what was measured", { ...HELD, measured: { conf: "admin_passwd = S3cretS3cret" } }],
    ["its sentence", { ...HELD, detail: "logged in with S3cretS3cret" }],
    ["its limit", { ...HELD, limit: ["S3cretS3cret"] }],
  ])("throws away a measurement with a secret in %s", async (_where, measurement) => {
    const { evidence } = await take(
      probeThat(() => Promise.resolve(measurement)),
      ["S3cretS3cret"],
    );
    expect(evidence.holds).toBe(false);
    expect(evidence.detail).toContain("held a secret, and was thrown away");
    expect(JSON.stringify(evidence)).not.toContain("S3cretS3cret");
  });

  it("throws away an error with a secret in it too", async () => {
    const { evidence } = await take(
      probeThat(() => Promise.reject(new Error("password S3cretS3cret"))),
      ["S3cretS3cret"],
    );
    expect(JSON.stringify(evidence)).not.toContain("S3cretS3cret");
  });

  it("does not hold where a file that the task speaks of is missing, whatever is measured", async () => {
    const context = await contextWith({ root: tmpdir() });
    const { evidence } = await takeEvidence(
      probeThat(() => Promise.resolve(HELD), { task: "1.3" }),
      context,
      { secretsRead: () => [] },
    );
    expect(evidence).toMatchObject({
      holds: false,
      files: {},
      detail: "could not be measured: missing: docker/Dockerfile.ce19",
    });
  });

  it("keeps its sentence to one line of bearable length", async () => {
    const { evidence } = await take(
      probeThat(() => Promise.resolve({ ...FELL, detail: `two\n  lines ${"x".repeat(2000)}` })),
    );
    expect(evidence.detail).toMatch(/^two lines x+…$/);
    expect(evidence.detail).toHaveLength(1000);
  });

  it("refuses a probe of a task that is in no plan", async () => {
    await expect(take(probeThat(() => Promise.resolve(HELD), { task: "2.99" }))).rejects.toThrow(
      "a probe measures task 2.99, which no phase has",
    );
  });
});

describe("on a project's folder", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "project-"));
    giveKey(root);
    for (const path of taskFiles()) cpSync(join(ROOT, path), join(root, path));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const measured: string[] = [];
  const probe = (task: Probe["task"], changes: Partial<Probe> = {}): Probe =>
    probeThat(
      () => {
        measured.push(task);
        return Promise.resolve(HELD);
      },
      { task, ...changes },
    );
  const probes = [
    probe("0.11", { needs: "repository" }),
    probe("2.1", { onDemand: true, needs: "machine" }),
    probe("2.5", { quick: true }),
    probe("2.9"),
    probe("2.12"),
  ];
  const run = (scope: RunArgs["scope"], changes: Partial<RunArgs> = {}) => {
    measured.length = 0;
    return runProbes({ root, docker: {} as Docker, plan, scope, probes, now: NOW, ...changes });
  };
  const chosen = (scope: RunArgs["scope"]) =>
    chooseProbes(probes, scope, { root, plan, now: NOW }).map(({ task }) => task);
  const current = { planDigest: gateFacts(plan).planDigest, at: NOW.toISOString() };

  it("writes evidence of each, and tells the results in the order of the plan", async () => {
    const lines: string[] = [];
    const results = await run("all", { say: (line) => lines.push(line) });
    expect(results.map(({ task, title, holds }) => `${task} ${title} ${holds}`)).toEqual([
      "0.11 Every stack plans true",
      "2.5 Start PostgreSQL true",
      "2.9 Capture baseline true",
      "2.12 Log in true",
    ]);
    expect(lines.sort()).toEqual([
      "0.11 holds: 9 rules",
      "2.12 holds: 9 rules",
      "2.5 holds: 9 rules",
      "2.9 holds: 9 rules",
    ]);
    expect(readdirSync(evidenceFolder(root, "dev")).sort()).toEqual(["0.11.json", "2.12.json", "2.5.json", "2.9.json"]);
    expect(readEvidence(root, "dev").every(({ at }) => at === NOW.toISOString())).toBe(true);
  });

  it("measures again what was signed by a key that does not count", () => {
    for (const task of ["0.11", "2.9", "2.12"]) writeEvidence(root, evidenceOf(task, current));
    giveKey(root, makeSigner("stranger"));
    writeEvidence(root, evidenceOf("2.9", current));
    expect(chosen("quick")).toEqual(["2.5", "2.9"]);
  });

  it("runs those on demand last, and only when they are named", async () => {
    expect(chosen("all")).not.toContain("2.1");
    await run(["2.1", "2.9"]);
    expect(measured).toEqual(["2.9", "2.1"]);
  });

  it("refuses a task that nothing measures", async () => {
    await expect(run(["2.5", "7.1"])).rejects.toThrow(
      "no probe measures 7.1; probes measure 0.11, 2.1, 2.5, 2.9, 2.12",
    );
  });

  it("measures quickly: the quick ones, and those without evidence that counts", () => {
    expect(chosen("quick")).toEqual(["0.11", "2.5", "2.9", "2.12"]);
    for (const task of ["0.11", "2.5", "2.9", "2.12"]) writeEvidence(root, evidenceOf(task, current));
    expect(chosen("quick")).toEqual(["2.5"]);
  });

  it.each<[string, Partial<Evidence>]>([
    ["does not hold", { holds: false }],
    ["is of another plan", { planDigest: "0".repeat(64) }],
    ["is too old", { at: "2026-02-01T00:00:00.000Z" }],
    ["is from the future", { at: "2026-03-02T00:00:00.000Z" }],
    ["is somebody's word", { by: { name: "Ann", role: "DevOps" } }],
  ])("measures again what has evidence that %s", (_what, changes) => {
    for (const task of ["0.11", "2.9"]) writeEvidence(root, evidenceOf(task, current));
    writeEvidence(root, evidenceOf("2.12", { ...current, ...changes }));
    expect(chosen("quick")).toEqual(["2.5", "2.12"]);
  });

  it("leaves no secret in any file of evidence, whatever probes find", async () => {
    const leaky = (["2.5", "2.9"] as const).map((task) =>
      probeThat(async ({ secret }) => ({ ...HELD, measured: await secret("postgres-init", "odoo-db-password") }), {
        task,
      }),
    );
    // A tar archive with one file, as the Engine gives it.
    const header = Buffer.alloc(512);
    header.write("secrets/odoo-db-password", 0);
    header.write("00000000014", 124);
    header.write("0", 156);
    const archive = Buffer.concat([header, Buffer.from("S3cretS3cret"), Buffer.alloc(500 + 1024)]);
    const { Readable } = await import("node:stream");
    const docker = {
      getContainer: () => ({ getArchive: () => Promise.resolve(Readable.from([archive])) }),
    } as unknown as Docker;
    const results = await run("all", { probes: leaky, docker });
    expect(results.map(({ holds }) => holds)).toEqual([false, false]);
    for (const name of readdirSync(evidenceFolder(root, "dev"))) {
      expect(readFileSync(join(evidenceFolder(root, "dev"), name), "utf8")).not.toContain("S3cretS3cret");
    }
  });
});
