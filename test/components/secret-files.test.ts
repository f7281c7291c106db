import { expect, test } from "vitest";

import { Secret } from "../../components/secret.ts";
import { SecretFiles } from "../../components/secret-files.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

// Does not prove that the provider copies files into a container that was never started: the end-to-end tests do.
async function files() {
  const { resources } = await register(() => {
    new SecretFiles("web-secrets", {
      prefix: "lab",
      service: "web",
      image: "img:1",
      secrets: [new Secret("key"), new Secret("pin")],
    });
  });
  return resources.filter(({ name }) => name === "web-secrets");
}

test("the carrier takes each secret into the volume, is never started, and could do nothing", async () => {
  const carrier = (await files()).find(({ type }) => type === TYPES.container);
  expect(carrier?.inputs).toEqual({
    name: "lab-web-secrets",
    image: "img:1",
    labels: [
      { label: "odoo-platform.stack", value: "lab" },
      { label: "odoo-platform.service", value: "web-secrets" },
    ],
    start: false,
    mustRun: false,
    networkMode: "none",
    user: "65534:65534",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: 16,
    memorySwap: 16,
    cpus: "0.25",
    logDriver: "none",
    volumes: [{ volumeName: "lab-web-secrets", containerPath: "/run/secrets" }],
    uploads: ["key", "pin"].map((name) => ({
      file: `/run/secrets/${name}`,
      content: { secret: `secret://${name}` },
      permissions: "0444",
    })),
  });
});

test("the volume is the service's own, and goes with the stack", async () => {
  const volume = (await files()).find(({ type }) => type === TYPES.volume);
  expect(volume).toMatchObject({ protect: false, retainOnDelete: false });
  expect(volume?.inputs).toEqual({
    name: "lab-web-secrets",
    labels: [{ label: "odoo-platform.stack", value: "lab" }],
  });
});
