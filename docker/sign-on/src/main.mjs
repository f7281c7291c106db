import { readFileSync } from "node:fs";

import { Issuer } from "./issuer.mjs";
import { signOn } from "./server.mjs";
import { Sessions } from "./sessions.mjs";

/** @param {string} name */
const setting = (name) => {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} must be set`);
  return value;
};
/** @param {Record<string, unknown>} line */
const log = (line) => process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);

/** @type {Record<string, { client: string, secret: string, groups: string[] }>} */
const sites = JSON.parse(setting("SITES"));
/** @param {string} client */
const secretOf = (client) => {
  const site = Object.values(sites).find((one) => one.client === client);
  return readFileSync(`/run/secrets/${site?.secret}`, "utf8").trimEnd();
};
const issuer = new Issuer({ issuer: setting("ISSUER"), metadataUrl: setting("ISSUER_METADATA"), secretOf });
const sessions = new Sessions({
  absoluteSeconds: Number(setting("SESSION_MINUTES")) * 60,
  idleSeconds: Number(setting("IDLE_MINUTES")) * 60,
  most: 2000,
});
const server = signOn({ sites, issuer, sessions, log });
server.listen(9080, () => log({ event: "listening", sites: Object.keys(sites) }));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.close(() => process.exit(0)));
