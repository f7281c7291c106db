import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inService } from "../e2e/harness/docker.ts";
import { platform } from "../e2e/harness/platform.ts";
import { removeStack } from "../e2e/harness/stack.ts";
import { until } from "../e2e/harness/until.ts";
import { SmallDisk } from "./small-disk.ts";
import { ask, backUp, bringUp, serves, service, STACK, startWriter } from "./stack.ts";

const KILLS = 20;
const disk = new SmallDisk({
  volume: `odoo-platform-${STACK}-postgres-data`,
  stack: `odoo-platform-${STACK}`,
  owner: "999:999",
  mebibytes: 2048,
});

beforeAll(() => bringUp(() => disk.make()));
afterAll(async () => {
  await removeStack(STACK);
  await disk.remove();
});

describe("PostgreSQL", () => {
  it(`killed ${KILLS} times while Odoo writes loses nothing that was acknowledged, and comes back by itself`, async () => {
    const writer = await startWriter();
    for (let kill = 0; kill < KILLS; kill++) {
      await writer.more(5);
      // The process itself, as the kernel would: `docker kill` would count as an operator's wish.
      const { State } = await service("postgres").inspect();
      process.kill(State.Pid, "SIGKILL");
      // Docker waits longer and longer with containers that end within ten seconds.
      await sleep(11_000);
    }
    await writer.more(5);
    await writer.stop();
    expect(await writer.lost()).toBe(0);
    expect(writer.acknowledged.length).toBeGreaterThanOrEqual(KILLS * 5);
    const { RestartCount } = await service("postgres").inspect();
    expect(RestartCount).toBeGreaterThanOrEqual(KILLS);
    expect(await inService("postgres", ["pg_amcheck", "--heapallindexed", "-d", "odoo"], { stack: STACK })).toBe("");
    expect((await backUp("incr")).result).toMatchObject({ status: "ok", faults: {} });
  });

  it("whose disk is full takes nothing, says why, and goes on where it was once there is room", async () => {
    const writer = await startWriter();
    await writer.more(5);
    await disk.fill();
    const before = writer.refusals.length;
    // What is not written to disk is not acknowledged.
    await ask("CREATE TABLE filler AS SELECT repeat('x', 8000) FROM generate_series(1, 100000)").catch(() => "refused");
    await until("a refusal", () => Promise.resolve(writer.refusals.length > before), 240);
    await until("the reason in the log", async () => {
      const { stdout } = await platform(["logs", "postgres", "--stack", STACK]);
      return stdout.includes("No space left on device");
    });
    await disk.free();
    await until(
      "PostgreSQL takes writes",
      async () => (await ask("CREATE TEMP TABLE t (); SELECT 1").catch(() => "")) === "1",
    );
    await writer.more(5);
    await writer.stop();
    expect(await writer.lost()).toBe(0);
    await until("the login page", serves);
    expect((await backUp("incr")).result).toMatchObject({ status: "ok", faults: {} });
  });
});
