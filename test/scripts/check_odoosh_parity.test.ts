import { x } from "tinyexec";
import { describe, expect, it } from "vitest";

import { TASKS } from "../../gates/tasks.ts";
import { ROOT } from "../harness/plans.ts";

/** Runs the script as a user does. */
async function parity(stdin: string, ...args: string[]) {
  const child = x(process.execPath, ["--import", "tsx", "scripts/check_odoosh_parity.ts", ...args], {
    nodeOptions: { cwd: ROOT, env: { NO_COLOR: "1" } },
  });
  child.process?.stdin?.end(stdin);
  const { exitCode, stdout, stderr } = await child;
  return { exitCode, stdout, stderr };
}

const report = (status: string) =>
  JSON.stringify({ stack: "prod", phases: TASKS.map((tasks) => ({ tasks: tasks.map(({ id }) => ({ id, status })) })) });

describe("npm run parity", () => {
  it("exits 0 where the score is reached, and names what is missing", async () => {
    const { exitCode, stdout } = await parity(report("GO"), "--stdin");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Odoo\.sh parity of stack prod: 9\d(\.\d)? % \(\d+ of \d+ features, .*\): GO, 95 % wanted$/m,
    );
    expect(stdout).toMatch(/^1 +access +an editor in the browser +editing on a server escapes review/m);
  });

  it("exits 1 where it isn't", async () => {
    const { exitCode, stdout } = await parity(report("PENDING"), "--stdin", "--json");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      expect.objectContaining({ stack: "prod", verdict: "NO-GO", percent: 0 }),
    ]);
    expect((await parity(report("GO"), "--stdin", "--at-least", "100")).exitCode).toBe(1);
    expect((await parity(report("PENDING"), "--stdin", "--at-least", "0")).exitCode).toBe(0);
  });

  it("decides a stack of this project by its evidence", async () => {
    const { exitCode, stdout } = await parity("", "--stack", "staging", "--json");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      expect.objectContaining({ stack: "staging", verdict: "NO-GO" }),
    ]);
  });

  it.each([
    ["", "standard input is no JSON; pipe `npm run --silent platform -- gate --json` into this command"],
    [
      '{ "stack": "a", "phases": [{ "tasks": [{ "id": "1.1", "status": "MAYBE" }] }] }',
      "standard input holds no verdicts",
    ],
    ['{ "stack": "a", "phases": [{ "tasks": [] }] }', "standard input holds no verdicts"],
  ])("refuses %j", async (stdin, sentence) => {
    const { exitCode, stdout, stderr } = await parity(stdin, "--stdin");
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringContaining(sentence)]);
  });

  it.each([["--at-least", "101"], ["--at-least", "many"], ["--at-least", ""], ["--nope"]])(
    "takes %s %s for wrong usage",
    async (...args) => {
      expect((await parity("{}", "--stdin", ...args)).exitCode).toBe(2);
    },
  );

  it("says which stacks there are", async () => {
    const { exitCode, stderr } = await parity("", "--stack", "nowhere");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("There is no stack nowhere")]);
  });
});
