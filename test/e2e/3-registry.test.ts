import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Plan, resourcesOf, TYPES } from "../../plan/plan.ts";
import { docker, inService, reset } from "./harness/docker.ts";
import { call, json2, mintKey } from "./harness/odoo.ts";
import { succeed } from "./harness/platform.ts";
import { removeStack, siteOf, writeStack } from "./harness/stack.ts";

/** The first kind of machine: an image registry answers. Ours stands for Docker Hub, as its mirror. */
const STACK = "mirror";
const at = siteOf(STACK);
let registry: ChildProcess;
let isMirror = false;

beforeAll(async () => {
  await reset(STACK);
  registry = startRegistry();
  const info = (await docker.info()) as { RegistryConfig?: { Mirrors?: string[] | null } };
  isMirror = (info.RegistryConfig?.Mirrors ?? []).some((url) => url.includes("127.0.0.1:5000"));
  await waitForRegistry();
  const plan = JSON.parse((await succeed(["plan", "--json"])).stdout) as Plan;
  const images = resourcesOf(plan, TYPES.image);
  const base = (images.find(({ name }) => name === "postgres")?.inputs["build"] as { args: { BASE: string } }).args
    .BASE;
  const odoo = images.find(({ name }) => name === "odoo-debian")?.inputs["imageName"] as string;
  writeStack(STACK, {
    odoo: { modules: ["base", "web"] },
    images: {
      debianBase: await push(base, "debian", "trixie-slim"),
      // Debian's Odoo with the documented interface of the official image.
      odooBase: await push(odoo, "odoo", "19.0"),
    },
  });
});

afterAll(async () => {
  await removeStack(STACK);
  registry.kill();
});

describe("a machine with an image registry", () => {
  it("takes its bases from there, by digest, and Odoo answers", async () => {
    const { stdout, stderr } = await succeed(["up", "--stack", STACK, "--engine", "compose", "--no-verify"]);
    expect(stdout + stderr).toContain("bases come from the image registry");
    const plan = JSON.parse((await succeed(["plan", "--json", "--stack", STACK])).stdout) as Plan;
    const names = resourcesOf(plan, TYPES.image)
      .map(({ name }) => name)
      .sort();
    expect(names).toEqual(["edge", "odoo", "postgres"]);
    const reply = await call("/web/login", at);
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('name="login"');
  });

  it("runs Odoo's official variant with the same user, paths and entry point", async () => {
    expect((await inService("odoo", ["id", "-u"], { stack: STACK })).trim()).toBe("100");
    expect(await inService("odoo", ["stat", "-c", "%u:%g", "/var/lib/odoo"], { stack: STACK })).toContain("100:101");
    const key = await mintKey(STACK);
    expect(await json2(key, "res.partner", "search_count", { domain: [] }, at)).toBeGreaterThan(0);
  });
});

/** Debian's registry, on loopback, with an empty folder. */
function startRegistry(): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "odoo-platform-registry-"));
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder}/data } }\nhttp: { addr: 127.0.0.1:5000 }\n`,
  );
  return spawn("docker-registry", ["serve", config], { stdio: "ignore" });
}

async function waitForRegistry(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answers = await fetch("http://127.0.0.1:5000/v2/").then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await sleep(100);
  }
  throw new Error("docker-registry does not answer on 127.0.0.1:5000");
}

/**
 * Pushes a local image and forgets it locally.
 *
 * @returns the reference by digest, as Docker Hub's where our registry is its mirror, else under the registry's own name.
 */
async function push(image: string, name: string, tag: string): Promise<string> {
  const repository = `127.0.0.1:5000/library/${name}`;
  await docker.getImage(image).tag({ repo: repository, tag });
  const stream = await docker
    .getImage(`${repository}:${tag}`)
    .push({ authconfig: { username: "", password: "", serveraddress: "127.0.0.1:5000" } } as object);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)));
  });
  const { RepoDigests } = await docker.getImage(`${repository}:${tag}`).inspect();
  const digest = RepoDigests.find((reference) => reference.startsWith(repository))?.split("@")[1];
  if (digest === undefined) throw new Error(`${repository}:${tag} was pushed, but has no digest`);
  await docker.getImage(`${repository}:${tag}`).remove();
  return `${isMirror ? name : repository}:${tag}@${digest}`;
}
