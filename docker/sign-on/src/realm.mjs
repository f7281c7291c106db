import { createHash } from "node:crypto";

/** Marks what this job made, and may take away again. */
const OURS = "platform.managed";
const PERSON_MADE = "platform.person-made";

/** @typedef {{ realm: Record<string, any>, groups: string[], administrators: string, scopes: Record<string, any>[],
 *   clients: Record<string, any>[], secondFactor: string | null, person: Record<string, any> }} Wanted */

/**
 * Makes a realm what it should be, whatever it is: adds what is missing, corrects what differs, removes clients that it
 * made and that are wanted no more. People and what they chose are left alone.
 *
 * @param {import("./keycloak.mjs").Keycloak} keycloak @param {Wanted} wanted
 * @param {(name: string) => string} secret
 */
export async function applyRealm(keycloak, wanted, secret) {
  const name = wanted.realm["realm"];
  const at = `/${name}`;
  if ((await keycloak.ask("GET", at, undefined, [404])) === undefined) {
    await keycloak.ask("POST", "", { realm: name, enabled: true });
    await keycloak.logIn();
  }
  const found = await keycloak.get(at);
  await keycloak.ask("PUT", at, {
    ...wanted.realm,
    attributes: { ...found.attributes, ...wanted.realm["attributes"] },
  });

  await applyGroups(keycloak, at, wanted);
  await applyScopes(keycloak, at, wanted.scopes);
  await applyClients(keycloak, at, wanted.clients, secret);
  await applySecondFactor(keycloak, at, wanted.secondFactor);
  await applyPerson(keycloak, at, wanted.person, secret);
}

/** @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {Wanted} wanted */
async function applyGroups(keycloak, at, { groups, administrators }) {
  const found = await keycloak.get(`${at}/groups?max=1000`);
  for (const group of groups)
    if (!found.some((/** @type {any} */ { name }) => name === group))
      await keycloak.ask("POST", `${at}/groups`, { name: group });
  // Administrators keep people in Keycloak's own console, of this realm alone.
  const all = await keycloak.get(`${at}/groups?max=1000`);
  const { id } = all.find((/** @type {any} */ { name }) => name === administrators);
  const [management] = await keycloak.get(`${at}/clients?clientId=realm-management`);
  const role = await keycloak.get(`${at}/clients/${management.id}/roles/realm-admin`);
  await keycloak.ask("POST", `${at}/groups/${id}/role-mappings/clients/${management.id}`, [role]);
}

/** @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {Record<string, any>[]} scopes */
async function applyScopes(keycloak, at, scopes) {
  const found = await keycloak.get(`${at}/client-scopes`);
  for (const { protocolMappers, ...scope } of scopes) {
    const known = found.find((/** @type {any} */ { name }) => name === scope["name"]);
    if (known === undefined) {
      await keycloak.ask("POST", `${at}/client-scopes`, { ...scope, protocolMappers });
      continue;
    }
    await keycloak.ask("PUT", `${at}/client-scopes/${known.id}`, { ...scope, id: known.id });
    // A scope's own update leaves its mappers as they are.
    const mappers = `${at}/client-scopes/${known.id}/protocol-mappers/models`;
    for (const mapper of await keycloak.get(mappers)) await keycloak.ask("DELETE", `${mappers}/${mapper.id}`);
    for (const mapper of protocolMappers) await keycloak.ask("POST", mappers, mapper);
  }
}

/**
 * @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {Record<string, any>[]} clients
 * @param {(name: string) => string} secret
 */
async function applyClients(keycloak, at, clients, secret) {
  const scopes = await keycloak.get(`${at}/client-scopes`);
  const found = await keycloak.get(`${at}/clients?max=1000`);
  for (const { defaultClientScopes, ...client } of clients) {
    const whole = {
      ...client,
      attributes: { ...client["attributes"], [OURS]: "true" },
      ...(client["publicClient"] === true ? {} : { secret: secret(`oidc-${client["clientId"]}-secret`) }),
    };
    let id = found.find((/** @type {any} */ { clientId }) => clientId === client["clientId"])?.id;
    if (id === undefined) {
      await keycloak.ask("POST", `${at}/clients`, whole);
      [{ id }] = await keycloak.get(`${at}/clients?clientId=${client["clientId"]}`);
    } else await keycloak.ask("PUT", `${at}/clients/${id}`, { ...whole, id });
    // A client's own update leaves its scopes as they are.
    const current = await keycloak.get(`${at}/clients/${id}/default-client-scopes`);
    for (const scope of current)
      if (!defaultClientScopes.includes(scope.name))
        await keycloak.ask("DELETE", `${at}/clients/${id}/default-client-scopes/${scope.id}`);
    for (const wanted of defaultClientScopes) {
      const scope = scopes.find((/** @type {any} */ { name }) => name === wanted);
      if (scope === undefined)
        throw new Error(`client ${client["clientId"]} asks for scope ${wanted}, which the realm has not`);
      await keycloak.ask("PUT", `${at}/clients/${id}/default-client-scopes/${scope.id}`);
    }
  }
  for (const { id, clientId, attributes } of found)
    if (attributes?.[OURS] === "true" && !clients.some((client) => client["clientId"] === clientId))
      await keycloak.ask("DELETE", `${at}/clients/${id}`);
}

/**
 * Who is in the group must have a second factor; who is not, and has one, is asked for it. A flow can't be changed while
 * it is in use, so each is named by its content, bound, and its predecessors removed.
 *
 * @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {string | null} group
 */
async function applySecondFactor(keycloak, at, group) {
  const role = "second-factor";
  await keycloak.ask("POST", `${at}/roles`, { name: role, description: "must show a second factor" }, [409]);
  const known = await keycloak.get(`${at}/roles/${role}`);
  for (const { id, name } of await keycloak.get(`${at}/groups?max=1000`))
    await keycloak.ask(name === group ? "POST" : "DELETE", `${at}/groups/${id}/role-mappings/realm`, [known], [404]);

  const steps = [
    { provider: "auth-cookie", requirement: "ALTERNATIVE" },
    { flow: "forms", requirement: "ALTERNATIVE" },
    { in: "forms", provider: "auth-username-password-form", requirement: "REQUIRED" },
    { in: "forms", flow: "must", requirement: "CONDITIONAL" },
    {
      in: "must",
      provider: "conditional-user-role",
      requirement: "REQUIRED",
      config: { condUserRole: role, negate: "false" },
    },
    { in: "must", provider: "auth-otp-form", requirement: "REQUIRED" },
    { in: "forms", flow: "has", requirement: "CONDITIONAL" },
    {
      in: "has",
      provider: "conditional-user-role",
      requirement: "REQUIRED",
      config: { condUserRole: role, negate: "true" },
    },
    { in: "has", provider: "conditional-user-configured", requirement: "REQUIRED" },
    { in: "has", provider: "auth-otp-form", requirement: "REQUIRED" },
  ];
  const digest = createHash("sha256").update(JSON.stringify(steps)).digest("hex").slice(0, 8);
  const alias = `platform-browser-${digest}`;
  const flows = await keycloak.get(`${at}/authentication/flows`);
  const { browserFlow } = await keycloak.get(at);
  if (browserFlow !== alias) {
    // One that is there but not bound was left half-made.
    await remove(keycloak, at, flows, (name) => name === alias);
    await keycloak.ask("POST", `${at}/authentication/flows`, {
      alias,
      providerId: "basic-flow",
      topLevel: true,
      builtIn: false,
    });
    for (const { in: parent, flow, provider, requirement, config } of steps) {
      const target = parent === undefined ? alias : `${alias}-${parent}`;
      const executions = `${at}/authentication/flows/${target}/executions`;
      if (flow === undefined) await keycloak.ask("POST", `${executions}/execution`, { provider });
      else
        await keycloak.ask("POST", `${executions}/flow`, {
          alias: `${alias}-${flow}`,
          type: "basic-flow",
          provider: "registration-page-form",
        });
      const made = (await keycloak.get(executions)).filter((/** @type {any} */ { level }) => level === 0).at(-1);
      await keycloak.ask("PUT", executions, { ...made, requirement });
      if (config !== undefined)
        await keycloak.ask("POST", `${at}/authentication/executions/${made.id}/config`, {
          alias: `${alias}-${parent}`,
          config,
        });
    }
    await keycloak.ask("PUT", at, { browserFlow: alias });
  }
  await remove(keycloak, at, flows, (name) => name.startsWith("platform-browser-") && name !== alias);
}

/** @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {any[]} flows @param {(name: string) => boolean} which */
async function remove(keycloak, at, flows, which) {
  for (const { id, alias, topLevel } of flows)
    if (topLevel && which(alias)) await keycloak.ask("DELETE", `${at}/authentication/flows/${id}`);
}

/**
 * The first person, once: they may rename themselves, change their password or be removed, and stay so.
 *
 * @param {import("./keycloak.mjs").Keycloak} keycloak @param {string} at @param {Record<string, any>} person @param {(name: string) => string} secret
 */
async function applyPerson(keycloak, at, person, secret) {
  const { attributes = {} } = await keycloak.get(at);
  if (attributes[PERSON_MADE] === "true") return;
  const credentials = [{ type: "password", value: secret("identity-admin-password"), temporary: false }];
  await keycloak.ask("POST", `${at}/users`, { ...person, enabled: true, emailVerified: true, credentials }, [409]);
  await keycloak.ask("PUT", at, { attributes: { ...attributes, [PERSON_MADE]: "true" } });
}
