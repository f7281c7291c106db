import type Docker from "dockerode";

import { execIn } from "../engine/docker.ts";

/** Logs in inside an Odoo container, behind whatever stands before it, and returns the cookie of the session. */
export async function logIn(
  docker: Docker,
  container: string,
  credentials: { readonly db: string; readonly login: string; readonly password: string },
): Promise<string> {
  const { stdout, stderr } = await execIn(
    docker,
    container,
    [
      "curl",
      "-sS",
      "-D-",
      "-H",
      "Content-Type: application/json",
      "--data-binary",
      "@-",
      "http://127.0.0.1:8069/web/session/authenticate",
    ],
    { stdin: JSON.stringify({ jsonrpc: "2.0", method: "call", params: credentials }) },
  );
  const cookie = /^set-cookie: (session_id=[^;]+)/im.exec(stdout)?.[1];
  if (cookie === undefined || !/"uid": \d/.test(stdout))
    throw new Error(`${container} refuses the login of ${credentials.login}: ${stdout.slice(0, 500)}${stderr}`);
  return cookie;
}
