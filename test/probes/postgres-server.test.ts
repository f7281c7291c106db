import { describe, expect, it } from "vitest";

import {
  findHbaFaults,
  findKnockFaults,
  findServerFaults,
  type HbaRule,
  reachedFromEdge,
} from "../../probes/postgres-server.ts";

const SETTINGS = {
  data_checksums: "on",
  ssl: "on",
  password_encryption: "scram-sha-256",
  fsync: "on",
  full_page_writes: "on",
};
const rule = (changes: Partial<HbaRule>): HbaRule => ({
  line: 7,
  type: "hostssl",
  database: ["odoo"],
  users: ["odoo_app"],
  method: "scram-sha-256",
  error: null,
  ...changes,
});

describe("the server", () => {
  it.each([
    [{}, []],
    [{ version: 16 }, ["PostgreSQL 16 runs, not 17"]],
    [{ settings: { ...SETTINGS, data_checksums: "off" } }, ["data_checksums is off, not on"]],
    [{ settings: { ...SETTINGS, password_encryption: "md5" } }, ["password_encryption is md5, not scram-sha-256"]],
    [{ settings: {} }, Object.entries(SETTINGS).map(([name, value]) => `${name} is unknown, not ${value}`)],
    [{ unencrypted: 2 }, ["2 sessions over the network are not encrypted"]],
  ])("with %j", (changes, faults) => {
    expect(findServerFaults({ version: 17, settings: SETTINGS, unencrypted: 0, ...changes })).toEqual(faults);
  });
});

describe("the server's address, tried from the edge", () => {
  it.each([
    ["S", "10.0.0.2"],
    ["N", "10.0.0.2"],
    ["", undefined],
    ["H", undefined],
  ])("by whom %j is answered", async (stdout, reached) => {
    const exec = () => Promise.resolve({ exitCode: 0, stdout, stderr: "" });
    expect(await reachedFromEdge({ exec }, "10.0.0.2")).toBe(reached);
  });
});

describe("a line of pg_hba.conf", () => {
  it.each<[string, Partial<HbaRule>, string[]]>([
    ["lets a role in by scram over TLS", {}, []],
    ["refuses the rest", { type: "host", users: ["all"], method: "reject" }, []],
    ["lets the superuser in by peer", { type: "local", users: ["postgres"], method: "peer" }, []],
    ["lets others in by scram on the socket", { type: "local", users: ["all"] }, []],
    ["trusts", { method: "trust" }, ["pg_hba.conf line 7: trust for odoo_app"]],
    ["takes md5", { method: "md5" }, ["pg_hba.conf line 7: md5 for odoo_app"]],
    ["does without TLS", { type: "host" }, ["pg_hba.conf line 7: host lets odoo_app in without TLS"]],
    ["wants no TLS", { type: "hostnossl" }, ["pg_hba.conf line 7: hostnossl lets odoo_app in without TLS"]],
    ["lets everyone in", { users: ["all"] }, ["pg_hba.conf line 7: all may come over the network"]],
    [
      "lets the superuser in",
      { users: ["odoo_app", "postgres"] },
      ["pg_hba.conf line 7: postgres may come over the network"],
    ],
    ["lets a group in", { users: ["+admins"] }, ["pg_hba.conf line 7: +admins may come over the network"]],
    [
      "trusts on the socket",
      { type: "local", users: ["all"], method: "trust" },
      ["pg_hba.conf line 7: trust for all on the socket"],
    ],
    [
      "lets others in by peer",
      { type: "local", users: ["all"], method: "peer" },
      ["pg_hba.conf line 7: peer for all on the socket"],
    ],
    ["can't be read", { error: "invalid CIDR mask" }, ["pg_hba.conf line 7: invalid CIDR mask"]],
  ])("that %s", (_what, changes, faults) => {
    expect(findHbaFaults([rule(changes)])).toEqual(faults);
  });
});

describe("knocking", () => {
  const REFUSED = {
    right: "ok",
    plain: "refused: pg_hba.conf rejects connection, no encryption",
    "wrong-password": "refused: password authentication failed",
    superuser: "refused: pg_hba.conf rejects connection",
  };

  it.each([
    [{}, []],
    [{ plain: "ok" }, ["odoo_app without TLS: let in"]],
    [{ superuser: "ok" }, ["the superuser over TCP: let in"]],
    [{ "wrong-password": "ok" }, ["odoo_app with a wrong password: let in"]],
    [
      { superuser: "refused: password authentication failed" },
      ["the superuser over TCP: refused: password authentication failed"],
    ],
    // Refusals prove nothing where the right way in is refused too.
    [{ right: "refused: could not connect" }, ["odoo_app can't log in over TLS: refused: could not connect"]],
  ])("with %j", (changes, faults) => {
    expect(findKnockFaults(new Map(Object.entries({ ...REFUSED, ...changes })))).toEqual(faults);
  });

  it("that didn't happen is a fault", () => {
    expect(findKnockFaults(new Map())).toHaveLength(4);
  });
});
