import { describe, expect, it } from "vitest";

import { READING_TOOLS, settleMcp } from "../../components/mcp.ts";
import { gateFacts } from "../../gates/json.ts";
import { containerIn, planOf } from "../harness/plans.ts";

const ARGS = {
  host: "mcp.example.com:8443",
  groups: ["analyst"],
  tools: ["search_records", "execute_sql"],
  rowLimit: 10,
  byteLimit: 2048,
  timeoutSeconds: 5,
};

describe("what is decided", () => {
  it("names one resource, which tokens are for, and writes nothing", () => {
    expect(settleMcp(ARGS)).toEqual({
      ...ARGS,
      tools: ["execute_sql", "search_records"],
      url: "https://mcp.example.com:8443/mcp",
      resource: "https://mcp.example.com:8443/mcp",
      readOnly: true,
    });
  });

  it.each(["execute_method", "execute_approved_write", "read_attachment"])("refuses to offer %s", (tool) => {
    expect(() => settleMcp({ ...ARGS, tools: [tool] })).toThrow(
      `mcp.tools: ${tool} may not be offered; allowed are the tools that only read: ${READING_TOOLS.join(", ")}`,
    );
  });
});

describe("what is registered", () => {
  const envOf = (container: { inputs: Record<string, unknown> }) => (container.inputs["envs"] as string[]).join("\n");

  it("puts the gateway alone where the edge reaches it, and gives no server behind more than its own secret", async () => {
    const plan = await planOf("dev");
    const networks = (name: string) =>
      (containerIn(plan, name).inputs["networksAdvanced"] as { name: string }[]).map((network) => network.name).sort();
    expect(networks("mcp")).toEqual(["odoo-platform-dev-data", "odoo-platform-dev-edge", "odoo-platform-dev-mcp"]);
    for (const name of ["mcp-odoo", "mcp-sql"])
      expect([name, networks(name)]).toEqual([name, ["odoo-platform-dev-data", "odoo-platform-dev-mcp"]]);
    const secretsOf = (name: string) =>
      (containerIn(plan, `${name}-secrets`).inputs["uploads"] as { file: string }[]).map(({ file }) => file);
    expect(secretsOf("mcp")).toEqual(["/run/secrets/mcp-audit-password"]);
    expect(secretsOf("mcp-sql")).toEqual(["/run/secrets/odoo-mcp-password"]);
    expect(() => secretsOf("mcp-odoo")).toThrow();
    expect(envOf(containerIn(plan, "mcp-odoo"))).not.toMatch(/KEY=|PASSWORD=/);
  });

  it("is nothing but its role's password where it is off", async () => {
    const plan = await planOf("prod");
    expect(gateFacts(plan).settings.mcp).toBeUndefined();
    expect(plan.resources.filter(({ name }) => name.startsWith("mcp") && name !== "mcp-audit-password")).toEqual([]);
    expect(gateFacts(plan).settings.edge.hosts.mcp).toBeUndefined();
  });
});
