import { describe, expect, it } from "vitest";

import { resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { type Attempted, findEscapes, findOpen, noWayOut, reachOf } from "../../probes/no-way-out.ts";
import type { ProbeContext } from "../../probes/probe.ts";
import { coreOf } from "../harness/plans.ts";
import { contextWith, printed } from "./fixtures.ts";

const HIDES = { "com.docker.network.bridge.inhibit_ipv4": "true" };
const UNREACHABLE = printed("", { exitCode: 1, stderr: "bash: connect: No route to host" });
const REFUSED = printed("", { exitCode: 1, stderr: "bash: connect: Connection refused" });

/** The Engine of a stack as it was planned, in which commands answer this. */
async function living(
  answer: (service: string, command: readonly string[]) => ReturnType<typeof printed>,
  network: { Internal?: boolean } = {},
): Promise<ProbeContext> {
  const plan = await coreOf("dev");
  const inspect = (name: string) => {
    const planned = resourcesOf(plan, TYPES.network).find((one) => textOf(one, "name") === name);
    const internal = planned?.inputs["internal"] === true;
    const Config = internal ? [] : [{ Gateway: name === "bridge" ? "172.17.0.1" : "172.20.0.1" }];
    return { Name: name, Internal: internal, Options: internal ? HIDES : {}, IPAM: { Config }, ...network };
  };
  const edge = { "odoo-platform-dev-public": { IPAddress: "172.20.0.2" } };
  return contextWith({
    plan,
    docker: {
      getNetwork: (name: string) => ({ inspect: () => Promise.resolve(inspect(name)) }),
      getContainer: () => ({ inspect: () => Promise.resolve({ NetworkSettings: { Networks: edge } }) }),
    } as unknown as ProbeContext["docker"],
    exec: (service, command) => Promise.resolve(answer(service, command)),
  });
}

const asPlanned = (service: string, command: readonly string[]) => {
  if (command.includes("getent")) return printed("", { exitCode: 2 });
  return service === "edge" ? REFUSED : UNREACHABLE;
};

describe("no way out", () => {
  it("holds where only the edge reaches what was tried", async () => {
    const { holds, measured, detail } = await noWayOut.measure(await living(asPlanned));
    expect(detail).toBe(
      "postgres, odoo reach nothing outside the stack, while the edge reaches the host on bridge and the host on odoo-platform-dev-public and the edge on odoo-platform-dev-public",
    );
    expect({ holds, measured }).toMatchObject({ holds: true, measured: { reached: { odoo: [], postgres: [] } } });
  });

  it.each<[string, (service: string, command: readonly string[]) => ReturnType<typeof printed>, string]>([
    [
      "Odoo connects to the edge outside",
      (service, command) =>
        service === "odoo" && command.at(-1)?.includes("/172.20.0.2/8443") === true
          ? printed("")
          : asPlanned(service, command),
      "odoo reaches the edge on odoo-platform-dev-public at 172.20.0.2:8443",
    ],
    [
      "the host refuses the database",
      (service, command) =>
        service === "postgres" && command.at(-1)?.includes("/172.17.0.1/9") === true
          ? REFUSED
          : asPlanned(service, command),
      "postgres reaches the host on bridge at 172.17.0.1:9",
    ],
    [
      "a public name is known inside",
      (service, command) =>
        service === "odoo" && command.includes("getent")
          ? printed("93.184.215.14   example.com\n")
          : asPlanned(service, command),
      "odoo is told that example.com is 93.184.215.14",
    ],
    [
      "nothing answers the edge either",
      (_service, command) => (command.includes("getent") ? printed("", { exitCode: 2 }) : UNREACHABLE),
      "the edge reaches none of what was tried, so that nothing is proved",
    ],
  ])("does not hold where %s", async (_what, answer, detail) => {
    expect(await noWayOut.measure(await living(answer))).toMatchObject({ holds: false, detail });
  });

  it("does not hold on networks that were made otherwise", async () => {
    const { holds, detail } = await noWayOut.measure(await living(asPlanned, { Internal: false }));
    expect({ holds, detail }).toEqual({
      holds: false,
      detail: "network odoo-platform-dev-data has a way out; network odoo-platform-dev-edge has a way out",
    });
  });
});

describe("an attempt", () => {
  it.each([
    [0, "", "open"],
    [1, "bash: connect: Connection refused", "refused"],
    [1, "bash: connect: No route to host", "nothing"],
    [1, "bash: connect: Network is unreachable", "nothing"],
    [124, "", "nothing"],
  ])("that ends with %i (%s): %s", (exitCode, stderr, reach) => {
    expect(reachOf(exitCode, stderr)).toBe(reach);
  });

  it.each([
    [127, "timeout: bash: not found", "nothing can be tried: timeout: bash: not found"],
    [137, "", "nothing can be tried: exit code 137"],
  ])("that could not be made is no proof: %i", (exitCode, stderr, message) => {
    expect(() => reachOf(exitCode, stderr)).toThrow(message);
  });

  it("that found nothing is no escape", () => {
    const attempt: Attempted = { service: "odoo", reached: [], name: "" };
    expect(findEscapes(attempt)).toEqual([]);
  });
});

describe("a network", () => {
  it("is as planned, or told what it is", async () => {
    const [data] = resourcesOf(await coreOf("dev"), TYPES.network).filter(({ name }) => name === "data");
    if (data === undefined) throw new Error("dev has no network data");
    const Name = "odoo-platform-dev-data";
    expect(findOpen(data, { Name, Internal: true, Options: HIDES })).toEqual([]);
    expect(findOpen(data, { Name, Internal: true, Options: null })).toEqual([
      `network ${Name} is not com.docker.network.bridge.inhibit_ipv4=true`,
    ]);
    expect(findOpen(data, undefined)).toEqual([`network ${Name} is not there`]);
  });
});
