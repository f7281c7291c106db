// The job that makes Keycloak's realm what the stack asks for: REALM is the wanted realm as JSON, KEYCLOAK its address.
import { readFileSync } from "node:fs";

import { Keycloak } from "./keycloak.mjs";
import { applyRealm } from "./realm.mjs";

const secret = (/** @type {string} */ name) => {
  const value = readFileSync(`/run/secrets/${name}`, "utf8").trimEnd();
  if (value === "") throw new Error(`/run/secrets/${name} is empty`);
  return value;
};

try {
  const keycloak = new Keycloak(process.env["KEYCLOAK"] ?? "http://keycloak:8080", secret("identity-service-secret"));
  const wanted = JSON.parse(process.env["REALM"] ?? "");
  await keycloak.wait(120);
  await applyRealm(keycloak, wanted, secret);
  console.log(`identity-init: realm ${wanted.realm.realm} is as it should be`);
} catch (error) {
  console.error(`identity-init: ${/** @type {Error} */ (error).message}`);
  process.exit(1);
}
