import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ensureEngine } from "../../engine/docker-engine.ts";
import { docker } from "../e2e/harness/docker.ts";
import { run } from "../e2e/harness/platform.ts";
import { removeStack } from "../e2e/harness/stack.ts";
import { until } from "../e2e/harness/until.ts";
import { archived, backUp, bringUp, closeSegment, serves, service, STACK, startWriter } from "./stack.ts";

beforeAll(() => bringUp());
afterAll(() => removeStack(STACK));

describe("the Docker Engine, restarted under a stack that works,", () => {
  it("brings all of it back by itself: nothing acknowledged is lost, and backups go on", async () => {
    const writer = await startWriter();
    await writer.more(10);
    await run("pkill", ["-TERM", "-x", "dockerd"]);
    await until("the Engine's end", async () =>
      docker.ping().then(
        () => false,
        () => true,
      ),
    );
    await ensureEngine(() => undefined);
    const filters = { label: [`odoo-platform.stack=odoo-platform-${STACK}`] };
    const back = await until("every service healthy", async () => {
      const found = await docker.listContainers({ filters });
      return found.length > 10 && found.every(({ Status }) => !/unhealthy|starting|Restarting/.test(Status));
    });
    console.info(`back ${back.toFixed(0)} s after the Engine`);
    await until("the login page", serves);
    await writer.more(10);
    await writer.stop();
    expect(await writer.lost()).toBe(0);
    await archived(await closeSegment());
    expect((await backUp("incr")).result).toMatchObject({ status: "ok", faults: {} });
    expect((await service("postgres").inspect()).State.Running).toBe(true);
  });
});
