import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readEvidence } from "../../stacks/inputs.ts";
import { containersOf, reset } from "./harness/docker.ts";
import { platform, ROOT, succeed } from "./harness/platform.ts";
import { statusOf } from "./harness/verdicts.ts";

beforeAll(async () => {
  await reset("pr-0");
  await succeed(["up", "--engine", "compose", "--no-verify"]);
});
afterAll(async () => {
  await succeed(["preview", "close", "--all"]);
});

describe("task 4.7", () => {
  it("is GO: a commit is a stack of its own for a while, neutralised, and leaves nothing", async () => {
    await platform(["verify", "--task", "4.7"]);
    const evidence = readEvidence(ROOT, "dev").find(({ task }) => task === "4.7");
    console.info(evidence?.detail);
    expect(await statusOf(["4.7"]), evidence?.detail).toEqual({ "4.7": "GO" });
    expect((await succeed(["preview", "list"])).stdout).toContain("There are no previews.");
  });
});

describe("a preview", () => {
  it("that was killed half-way is opened again, is where every verb works, and lets in who brings a link", async () => {
    const killed = await platform(["preview", "open", "31"], { killWhen: /Prepared: / });
    expect(killed.signal, killed.stdout + killed.stderr).toBe("SIGKILL");
    expect((await succeed(["preview", "list"])).stdout).toContain("opening");
    const { stdout } = await succeed(["preview", "open", "31"]);
    expect(stdout).toContain("https://odoo.pr-31.localhost:9500 serves ");
    expect((await succeed(["logs", "odoo-init", "--stack", "pr-31"])).stdout).toContain("odoo now holds");
    expect((await succeed(["preview", "connect", "31", "--as", "portal"])).stdout).toMatch(
      /^https:\/\/odoo\.pr-31\.localhost:9500\/platform\/connect\?token=[\w-]{43}\n$/,
    );
    const nobody = await platform(["preview", "connect", "31", "--as", "nobody"]);
    expect([nobody.exitCode, nobody.stderr]).toEqual([
      1,
      expect.stringContaining("nobody in odoo is 'nobody'; there are admin, demo, portal"),
    ]);
    await succeed(["preview", "close", "31"]);
    expect(await containersOf("pr-31")).toEqual([]);
  });

  it("of what isn't there is refused, and so is a link to one that isn't", async () => {
    const commit = await platform(["preview", "open", "31", "nowhere"]);
    expect([commit.exitCode, commit.stderr]).toEqual([2, expect.stringContaining("There is no commit nowhere")]);
    const link = await platform(["preview", "connect", "31"]);
    expect([link.exitCode, link.stderr]).toEqual([
      2,
      expect.stringContaining("There is no preview 31; there are: none"),
    ]);
    const beside = await platform(["preview", "open", "31", "--stack", "prod"]);
    expect([beside.exitCode, beside.stderr]).toEqual([1, expect.stringContaining("its settings have no `previews`")]);
  });
});
