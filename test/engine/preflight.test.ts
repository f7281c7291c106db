import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { preflight } from "../../engine/preflight.ts";
import { secretsFolder, writeSecrets } from "../../engine/secrets.ts";
import type { Plan } from "../../plan/plan.ts";
import { inputsOf, planOf } from "../harness/plans.ts";

let root: string;
let server: Server;
let port: number;
// No Engine runs here: none of the ports is the stack's own.
const docker = new Docker({ socketPath: "/nowhere/docker.sock" });

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "preflight-"));
  server = createServer();
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, resolve));
  port = (server.address() as { port: number }).port;
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

const planOn = (httpsPort: number): Promise<Plan> =>
  planOf("dev", {
    config: { ...inputsOf("dev").config, "odoo-platform:edge": JSON.stringify({ httpsPort, httpPort: 1 }) },
  });

/** Lets the port go, so that it is free. */
const letGo = () => new Promise((resolve) => server.close(resolve));

test("a fresh machine has nothing in the way", async () => {
  await letGo();
  await expect(preflight(docker, root, await planOn(port))).resolves.toBeUndefined();
});

test("neither have secrets that were made, nor ones that are still to be made", async () => {
  await letGo();
  const plan = await planOn(port);
  writeSecrets(root, plan);
  rmSync(join(secretsFolder(root, "dev"), "superset-password"));
  await expect(preflight(docker, root, plan)).resolves.toBeUndefined();
});

test("all that is in the way is said at once", async () => {
  const plan = await planOn(port);
  writeSecrets(root, plan);
  const [weak, missing] = ["odoo-db-password", "superset-password"].map((name) =>
    join(secretsFolder(root, "dev"), name),
  );
  rmSync(missing ?? "");
  rmSync(weak ?? "");
  writeFileSync(weak ?? "", "odoo");
  await expect(preflight(docker, root, plan)).rejects.toThrow(
    new Fault(
      [
        "2 things are in the way of stack dev; nothing was touched:",
        `  - In use by another program: 127.0.0.1:${port}. Stop it (\`ss -ltnp\` shows it), or set other ports under edge in Pulumi.dev.yaml.`,
        "  - Secrets are too short to be safe: odoo-db-password (4 characters). Run `npm run platform -- down --stack dev && rm -f .platform/dev/secrets/odoo-db-password && npm run platform -- up --stack dev`.",
      ].join("\n"),
    ),
  );
});
