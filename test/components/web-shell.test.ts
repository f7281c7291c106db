import { describe, expect, it } from "vitest";

import { settleIdentity } from "../../components/identity.ts";
import { settleSignOn } from "../../components/sign-on.ts";
import { settleWebShell } from "../../components/web-shell.ts";
import { servicesOf, serviceOf } from "../../engine/docker.ts";
import { reveal } from "../../plan/plan.ts";
import { planOf } from "../harness/plans.ts";

const URLS = { odoo: "https://odoo.example.com", shell: "https://shell.example.com" };
const IDENTITY = {
  issuer: "keycloak",
  clientIds: {},
  secondFactor: "admin",
  domain: "example.com",
  idUrl: "https://id.example.com",
  urls: URLS,
  mcp: true,
} as const;

describe("identity", () => {
  it("is the stack's own Keycloak, which containers ask inside and browsers outside", () => {
    const { realm, ...settings } = settleIdentity(IDENTITY);
    expect(settings).toMatchObject({
      issuer: "https://id.example.com/realms/platform",
      metadataUrl: "http://keycloak:8080/realms/platform/.well-known/openid-configuration",
    });
    expect(realm?.clients.map(({ clientId }) => clientId)).toEqual(["odoo", "shell", "mcp"]);
    for (const client of realm?.clients ?? []) {
      expect(client).toMatchObject({ implicitFlowEnabled: false, directAccessGrantsEnabled: false });
      expect(client["attributes"]).toMatchObject({ "pkce.code.challenge.method": "S256" });
    }
    // Whoever signs out anywhere is signed out everywhere.
    for (const { clientId, attributes } of realm?.clients.filter(({ publicClient }) => publicClient === false) ?? [])
      expect([clientId, attributes]).toEqual([
        clientId,
        expect.objectContaining({
          "backchannel.logout.url": expect.stringMatching(/^http:\/\/(odoo|sign-on):/) as string,
        }),
      ]);
    expect([realm?.secondFactor, realm?.realm["bruteForceProtected"]]).toEqual(["admin", true]);
  });

  it("is the company's own issuer where one is named, with its names of clients", () => {
    const external = {
      ...IDENTITY,
      issuer: "external",
      url: "https://login.example.com/",
      clientIds: { shell: "s-1" },
    };
    const settings = settleIdentity({ ...external, issuer: "external" });
    expect(settings).toMatchObject({
      kind: "external",
      issuer: "https://login.example.com/",
      metadataUrl: "https://login.example.com/.well-known/openid-configuration",
      clientIds: { shell: "s-1", odoo: "odoo" },
    });
    expect(settings.realm).toBeUndefined();
    expect(() => settleIdentity({ ...IDENTITY, issuer: "external" })).toThrow("url must name the external issuer");
  });
});

describe("the relying party", () => {
  it("knows for each host its client, the client's secret and the groups that may", () => {
    const clientIds = { shell: "s-1", status: "status", metrics: "metrics" };
    expect(settleSignOn({ urls: { shell: "https://shell.example.com:8443" } }, clientIds)).toEqual({
      sites: {
        "shell.example.com:8443": {
          client: "s-1",
          secret: "oidc-shell-secret",
          groups: ["admin", "developer", "tester"],
        },
      },
      sessionMinutes: 480,
      idleMinutes: 60,
    });
  });
});

describe("the web shell", () => {
  it("gives each terminal the commands that its one password is good for", () => {
    expect(settleWebShell({ stage: "production", idleMinutes: 15, sessionMinutes: 60 })).toEqual({
      stage: "production",
      idleMinutes: 15,
      sessionMinutes: 60,
      most: 8,
      mostEach: 4,
      terminals: { shell: ["odoo-shell", "psql", "bash"], "shell-reader": ["report"] },
    });
  });

  it("keeps records, keys and passwords from each other", async () => {
    const containers = Object.fromEntries(servicesOf(await planOf("dev")).map((one) => [serviceOf(one), one.inputs]));
    const mounts = (service: string) =>
      ((reveal(containers[service]?.["volumes"]) ?? []) as { containerPath: string; readOnly: boolean }[])
        .filter(({ readOnly }) => !readOnly)
        .map(({ containerPath }) => containerPath)
        .sort();
    const networks = (service: string) =>
      ((reveal(containers[service]?.["networksAdvanced"]) ?? []) as { name: string }[]).map(({ name }) => name).sort();
    expect(mounts("shell-gate")).toEqual(["/run/gate-key", "/var/lib/recordings"]);
    expect(mounts("shell")).toEqual(["/run/host-key", "/var/lib/odoo"]);
    expect(mounts("shell-reader")).toEqual(["/run/host-key"]);
    for (const terminal of ["shell", "shell-reader"])
      expect(networks(terminal)).toEqual(["odoo-platform-dev-data", "odoo-platform-dev-terminal"]);
    expect(networks("edge")).not.toContain("odoo-platform-dev-terminal");
    expect(networks("sign-on")).not.toContain("odoo-platform-dev-terminal");
  });
});
