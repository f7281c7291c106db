import { expect, test } from "vitest";

import { Network } from "../../components/network.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

test.each([true, false])("a network without a way out: %s", async (internal) => {
  let settings: unknown;
  const { resources } = await register(() => {
    ({ settings } = new Network("data", { prefix: "shop-dev", internal }));
  });
  expect(settings).toEqual({ name: "shop-dev-data", internal });
  expect(resources.find(({ type }) => type === TYPES.network)?.inputs).toEqual({
    name: "shop-dev-data",
    driver: "bridge",
    internal,
    // An internal network alone still lets its containers reach the host.
    ...(internal ? { options: { "com.docker.network.bridge.inhibit_ipv4": "true" } } : {}),
    labels: [{ label: "odoo-platform.stack", value: "shop-dev" }],
  });
});
