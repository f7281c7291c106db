import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { Command } from "commander";
import { x } from "tinyexec";
import { beforeAll, describe, expect, it } from "vitest";

import { phaseNumber } from "../../cli/gate.ts";
import { gateFacts } from "../../gates/json.ts";
import { TASKS } from "../../gates/tasks.ts";
import { planOf, ROOT } from "../harness/plans.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { LAB, makeSigner } from "../harness/signer.ts";

/** Runs the verb as a user does, with this on its standard input. */
async function gate(
  stdin: string,
  ...args: string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const child = x(process.execPath, ["cli/platform.mjs", "gate", ...args], { nodeOptions: { cwd: ROOT } });
  child.process?.stdin?.end(stdin);
  const { exitCode, stdout, stderr } = await child;
  return { exitCode, stdout, stderr };
}

/** Outputs of a stack whose evidence for phase 0 is this old. */
let outputs: (ageDays: number) => string;

beforeAll(async () => {
  const { outputs: known } = await planOf("dev");
  const facts = gateFacts(await planOf("dev"));
  const ids = (TASKS[0] ?? []).filter(({ kind }) => kind !== "plan").map(({ id }) => id);
  const at = (ageDays: number) => new Date(Date.now() - ageDays * 86_400_000).toISOString();
  outputs = (ageDays) => {
    const evidence = ids.map((id) => evidenceOf(id, { at: at(ageDays), planDigest: facts.planDigest }));
    return JSON.stringify({ ...known, adminPassword: "[secret]", gate: { ...facts, evidence } });
  };
});

describe("gate --stdin", () => {
  it("exits 0 for GO", async () => {
    const { exitCode, stdout } = await gate(outputs(1), "--stdin", "--phase", "0", "--json");
    expect([exitCode, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([0, "GO"]);
  });

  it("exits 1 for the same outputs once their evidence is too old", async () => {
    const { exitCode, stdout } = await gate(outputs(30), "--stdin", "--phase", "0", "--format", "markdown");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("## Gate of stack dev: NO-GO");
    expect(stdout).toMatch(/counted until/);
  });

  it("exits 1 for a phase after one that is not GO", async () => {
    const { exitCode, stdout } = await gate(outputs(1), "--stdin", "--phase", "1", "--format", "junit");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="gate of dev">/);
  });

  it("exits 1 where only others may sign, whatever the outputs say", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signers-"));
    const file = relative(ROOT, join(folder, "signers.json"));
    const args = ["--stdin", "--phase", "0", "--signers", file, "--json"];
    writeFileSync(join(ROOT, file), JSON.stringify([makeSigner("somebody else").signer]));
    const refused = await gate(outputs(1), ...args);
    writeFileSync(join(ROOT, file), JSON.stringify([LAB.signer]));
    const passed = await gate(outputs(1), ...args);
    rmSync(folder, { recursive: true });
    expect([refused.exitCode, passed.exitCode]).toEqual([1, 0]);
    expect(refused.stdout).toContain("is signed by a key that is not admitted");
  });

  it("exits 2 with a sentence and no trace when nothing of use is piped in", async () => {
    expect(await gate("", "--stdin")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "gate --stdin: there is nothing on standard input; pipe `pulumi stack output --json` into this command\n",
    });
  });

  it.each([
    [["--signers", "no/such.json"], "--signers: there is no file no/such.json"],
    [["--phase", "8"], "A phase is a number from 0 to 7."],
    [["--format", "html"], "Allowed choices are table, json, junit, markdown."],
  ])("exits 2 for %j", async (args, sentence) => {
    const { exitCode, stderr } = await gate(outputs(1), "--stdin", ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

describe("a phase on the command line", () => {
  it("is a number of one", () => {
    expect(["0", "7"].map(phaseNumber)).toEqual([0, 7]);
    for (const text of ["8", "-1", "1.5", "", "x"])
      expect(() => phaseNumber(text)).toThrow("A phase is a number from 0 to 7.");
  });

  it("is an option of gate", async () => {
    const { register } = await import("../../cli/gate.ts");
    const command = new Command("gate");
    register(command);
    expect(command.options.map(({ long }) => long)).toEqual([
      "--stack",
      "--phase",
      "--stdin",
      "--signers",
      "--format",
      "--json",
    ]);
  });
});
