import { describe, expect, test } from "vitest";

import { hostsOf, mayServeStatus, settleEdge, urlOf } from "../../components/edge.ts";
import { containerIn, planOf } from "../harness/plans.ts";

const ARGS = {
  domain: "localhost",
  sites: [],
  httpsPort: 8443,
  httpPort: 8080,
  bindAddress: "127.0.0.1",
  tls: "internal",
  openStatus: true,
  shellFrom: [],
} as const;

describe("settings", () => {
  test("are complete", () => {
    expect(settleEdge(ARGS)).toEqual({
      hosts: { odoo: "odoo.localhost" },
      httpsPort: 8443,
      httpPort: 8080,
      bindAddress: "127.0.0.1",
      tls: "internal",
      telemetry: false,
      openStatus: true,
      shellFrom: [],
    });
  });

  test("name whom the public CA writes to, where there is one", () => {
    const acme = { ...ARGS, domain: "erp.example.com", tls: "acme", acmeEmail: "ops@example.com" } as const;
    expect(settleEdge(acme)).toMatchObject({
      hosts: { odoo: "odoo.erp.example.com" },
      tls: "acme",
      acmeEmail: "ops@example.com",
    });
  });
});

test.each([
  [443, "https://odoo.erp.example.com"],
  [8443, "https://odoo.erp.example.com:8443"],
])("users of port %i type %s", (httpsPort, url) => {
  expect(urlOf({ httpsPort }, hostsOf({ domain: "erp.example.com", sites: [] }).odoo)).toBe(url);
});

describe("the status page", () => {
  test.each([
    ["development", "127.0.0.1", true],
    ["development", "127.0.0.53", true],
    ["development", "0.0.0.0", false],
    ["development", "192.168.1.5", false],
    ["staging", "127.0.0.1", false],
    ["production", "127.0.0.1", false],
  ])("in %s on %s: %s", (stage, address, served) => {
    expect(mayServeStatus(stage, address)).toBe(served);
  });

  test("has a name and a volume where it is served, and neither anywhere else", async () => {
    const { inputs } = containerIn(await planOf("dev"), "edge");
    expect(inputs["envs"]).toEqual(expect.arrayContaining(["EDGE_SITE_STATUS=status", "STATUS_HOST=status.localhost"]));
    expect(inputs["volumes"]).toContainEqual(
      expect.objectContaining({ volumeName: "odoo-platform-dev-edge-status", containerPath: "/srv/status" }),
    );
    for (const stack of ["staging", "prod"] as const) {
      const { inputs: others } = containerIn(await planOf(stack), "edge");
      expect(JSON.stringify(others).toLowerCase()).not.toContain("status");
    }
  });
});

describe("the container", () => {
  test("is known inside by the names that browsers use, and waits for Odoo", async () => {
    const { inputs, dependencies } = containerIn(await planOf("dev"), "edge");
    expect(inputs["networksAdvanced"]).toEqual([
      ...["edge", "monitoring"].map((network) => ({
        name: `odoo-platform-dev-${network}`,
        aliases: [
          "edge",
          ...["odoo", "status", "mail", "metrics", "mcp", "id", "shell"].map((site) => `${site}.localhost`),
        ],
      })),
      { name: "odoo-platform-dev-public", aliases: ["edge"] },
      { name: "odoo-platform-dev-shell", aliases: ["edge"] },
    ]);
    expect(dependencies).toContainEqual(expect.stringMatching(/docker:index\/container:Container::odoo$/));
  });

  test("publishes both ports on the address of the stack, and listens on them inside", async () => {
    const { inputs } = containerIn(await planOf("staging"), "edge");
    expect(inputs["ports"]).toEqual([
      { internal: 9443, external: 9443, ip: "127.0.0.1" },
      { internal: 9080, external: 9080, ip: "127.0.0.1" },
    ]);
    expect(inputs["envs"]).toEqual([
      "EDGE_HTTPS_PORT=9443",
      "EDGE_HTTP_PORT=9080",
      "EDGE_TLS=internal",
      "ODOO_HOST=odoo.staging.localhost",
      "EDGE_TELEMETRY=telemetry",
    ]);
  });

  test("may bind low ports where it publishes some, and has no capability otherwise", async () => {
    const capabilities = async (stack: "dev" | "prod") =>
      containerIn(await planOf(stack), "edge").inputs["capabilities"];
    expect(await capabilities("prod")).toEqual({ drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] });
    expect(await capabilities("dev")).toEqual({ drops: ["ALL"], adds: [] });
  });

  test("asks a public CA in prod, in the name of who answers for it", async () => {
    const { inputs } = containerIn(await planOf("prod"), "edge");
    expect(inputs["envs"]).toContain("EDGE_TLS=operations@example.com");
  });
});
