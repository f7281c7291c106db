import { expect, test } from "vitest";

import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { partsOf, sitesOf } from "../../stacks/parts.ts";
import { readConfig } from "../../stacks/config.ts";
import { coreOf, inputsOf, type StackName } from "../harness/plans.ts";

const configOf = (stack: StackName) => {
  const { project, config } = inputsOf(stack);
  return readConfig(project, stack, config);
};

test.each<[StackName, string[], string[]]>([
  [
    "dev",
    ["mail-catcher", "monitoring", "mcp", "identity", "sign-on", "shell", "terminal"],
    ["status", "mail", "metrics", "mcp", "id", "shell"],
  ],
  // Pages without sign-on are for this machine alone.
  ["staging", ["mail-catcher", "monitoring"], []],
  ["prod", ["monitoring"], []],
])("%s has %j, and serves %j", (stack, parts, sites) => {
  expect([partsOf(configOf(stack)), sitesOf(configOf(stack))]).toEqual([parts, sites]);
});

test("each service that watches starts after what it needs", async () => {
  const services = async (on: Parameters<typeof coreOf>[1]) =>
    resourcesOf(await coreOf("dev", on), TYPES.container).filter(({ inputs }) => inputs["start"] !== false);
  const core = (await services([])).map(({ name }) => name);
  const added = (await services(["mail", "monitoring"])).filter(({ name }) => !core.includes(name));
  const after = added.map(({ name, dependencies }) => [
    name,
    dependencies.filter((urn) => urn.includes(TYPES.container)).map((urn) => urn.split("::").at(-1)),
  ]);
  expect(Object.fromEntries(after)).toEqual({
    "mail-catcher": [],
    "node-exporter": [],
    "postgres-exporter": ["postgres-init", "postgres-exporter-secrets"],
    "sql-exporter": ["postgres-init", "sql-exporter-secrets"],
    "blackbox-exporter": ["edge"],
    alertmanager: [],
    prometheus: ["alertmanager"],
  });
});

test("what is off leaves nothing behind", async () => {
  const plan = JSON.stringify((await coreOf("dev")).resources.filter(({ type }) => type.startsWith("docker:")));
  expect(plan).not.toMatch(
    /monitoring|prometheus|exporter-secrets|mailcatcher|EDGE_TELEMETRY|ODOO_SMTP|mcp-key|EDGE_SITE_MCP/,
  );
});
