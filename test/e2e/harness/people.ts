import { randomBytes } from "node:crypto";

import type { Page } from "playwright-core";

import { inService } from "./docker.ts";
import { secretValues } from "./secrets.ts";

/** Runs a program against the realm, as the job that applies it; `keycloak.ask` is its administrator's interface. */
async function inRealm(program: string, stack: string): Promise<void> {
  const script = [
    'import { Keycloak } from "/app/src/keycloak.mjs";',
    `const keycloak = new Keycloak("http://keycloak:8080", ${JSON.stringify(secretValues(stack)["identity-service-secret"])});`,
    program,
  ].join("\n");
  await inService("sign-on", ["node", "--input-type=module", "-"], { stdin: script, stack });
}

/** Makes a person with a password and no second factor. @returns the password. */
export async function makePerson(name: string, groups: readonly string[], stack = "dev"): Promise<string> {
  const password = randomBytes(12).toString("base64url");
  const person = {
    username: name,
    email: `${name}@example.com`,
    firstName: name,
    lastName: "Example",
    enabled: true,
    emailVerified: true,
    groups: groups.map((group) => `/${group}`),
    credentials: [{ type: "password", value: password, temporary: false }],
  };
  await removePerson(name, stack);
  await inRealm(`await keycloak.ask("POST", "/platform/users", ${JSON.stringify(person)});`, stack);
  return password;
}

/** Does something with each person of this name: `id` is theirs, `keycloak` the administrator's interface. */
async function withPerson(name: string, program: string, stack: string): Promise<void> {
  await inRealm(
    `for (const { id } of await keycloak.get("/platform/users?exact=true&username=${name}")) { ${program} }`,
    stack,
  );
}

export async function removePerson(name: string, stack = "dev"): Promise<void> {
  await withPerson(name, 'await keycloak.ask("DELETE", "/platform/users/" + id);', stack);
}

/** Takes somebody out of all groups. */
export async function leaveGroups(name: string, stack = "dev"): Promise<void> {
  const leave = 'await keycloak.ask("DELETE", "/platform/users/" + id + "/groups/" + group.id);';
  await withPerson(
    name,
    `for (const group of await keycloak.get("/platform/users/" + id + "/groups")) ${leave}`,
    stack,
  );
}

/** Ends whatever somebody is signed on to, as an administrator of the issuer does. */
export async function endSignOns(name: string, stack = "dev"): Promise<void> {
  await withPerson(name, 'await keycloak.ask("POST", "/platform/users/" + id + "/logout");', stack);
}

/** Fills in the issuer's form, where the browser was sent. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.fill("#username", name);
  await page.fill("#password", password);
  await page.click("#kc-login");
}
