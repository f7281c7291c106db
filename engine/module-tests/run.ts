import { hostname } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import type Docker from "dockerode";

import { settleImages } from "../../components/images.ts";
import { resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { readConfig } from "../../stacks/config.ts";
import { imageSources } from "../../stacks/image-sources.ts";
import { readInputs } from "../../stacks/inputs.ts";
import type { Say } from "../engine.ts";
import { Fault } from "../fault.ts";
import { buildImage, hasImage } from "../image-build.ts";
import { buildImages, settleBases } from "../images.ts";
import { identity } from "../lock.ts";
import { originOf, planStack } from "../stack-plan.ts";
import { type ModuleResult, parseResults } from "./report.ts";

export interface TestArgs {
  readonly root: string;
  readonly docker: Docker;
  /** The stack whose Odoo image they run on. */
  readonly stack: string;
  readonly modules: readonly string[];
  /** Those of ours and of the lock that depend on them, too. @default false */
  readonly dependants?: boolean;
  /** Modules at a time. @default 2 */
  readonly jobs?: number;
  /** Longest that one module may take, in seconds. @default 900 */
  readonly timeoutSeconds?: number;
  readonly say: Say;
}

const MEBIBYTE = 1024 * 1024;
/** Label of the containers, with who runs them as value. */
const LABEL = "odoo-platform.module-tests";

/**
 * Tests modules in the very image that a stack runs, each on a clean database of its own: in one container, with a
 * PostgreSQL in it and without a network, so that no test reaches anything. Databases of Odoo CE alone are kept for the
 * next time. One at a time in a folder: callers hold its lock.
 *
 * @throws Fault where there is no verdict; a test that fails is a verdict.
 */
export async function testModules(args: TestArgs): Promise<ModuleResult[]> {
  const { docker, modules, dependants = false, jobs = 2, timeoutSeconds = 900, say } = args;
  const { image, volume } = await testImage(args);
  await removeOrphans(args);
  const command = [
    ...["--jobs", String(jobs), "--timeout", String(timeoutSeconds)],
    ...(dependants ? ["--dependants"] : []),
    ...modules,
  ];
  const container = await docker.createContainer({
    Image: image,
    Cmd: command,
    Labels: { [LABEL]: runner(process.pid) },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      // An Odoo and a browser for each module at a time, and the server.
      Memory: (1024 + jobs * 1536) * MEBIBYTE,
      PidsLimit: 2048,
      ShmSize: 512 * MEBIBYTE,
      Tmpfs: { "/tmp": "rw,nosuid,nodev,size=2g,mode=1777" },
      Mounts: [{ Type: "volume", Source: volume, Target: "/var/lib/platform-ci" }],
    },
  });
  try {
    return await follow(container, docker, modules, say);
  } finally {
    await container.remove({ force: true });
  }
}

/** What killed runs of this machine left: whose process is gone waits for nothing, and holds the databases that are kept. */
async function removeOrphans({ docker }: TestArgs): Promise<void> {
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label: [LABEL] } })) {
    const [machine, pid = ""] = (Labels[LABEL] ?? "").split(" ");
    if (machine === hostname() && Labels[LABEL] !== runner(Number.parseInt(pid, 10)))
      await docker.getContainer(Id).remove({ force: true });
  }
}

function runner(pid: number): string {
  return `${hostname()} ${identity(pid)}`;
}

async function follow(
  container: Docker.Container,
  docker: Docker,
  modules: readonly string[],
  say: Say,
): Promise<ModuleResult[]> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  const output = new PassThrough();
  const progress = new PassThrough();
  const printed: Buffer[] = [];
  const said: string[] = [];
  output.on("data", (chunk: Buffer) => printed.push(chunk));
  progress.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString("utf8").split("\n").filter(Boolean)) {
      said.push(line);
      say(line);
    }
  });
  docker.modem.demuxStream(stream, output, progress);
  const ended = new Promise<void>((resolve) => stream.once("end", resolve).once("close", resolve));
  await container.start();
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  await ended;
  if (StatusCode !== 0)
    throw new Fault(
      `The tests ended with exit code ${StatusCode}: ${said.slice(-3).join(" ") || "nothing was said"}`,
      StatusCode === 2 ? 2 : 1,
    );
  return parseResults(Buffer.concat(printed).toString("utf8"), modules);
}

/** The image that tests run in, built where it isn't there; and the volume with databases of the Odoo CE in it. */
async function testImage({ root, docker, stack, say }: TestArgs): Promise<{ image: string; volume: string }> {
  const origin = originOf(root, stack);
  await settleBases(docker, root, readInputs(root, origin), say);
  const plan = await planStack(stack, { root });
  await buildImages(docker, root, plan, say, ["odoo"]);
  const inputs = readInputs(root, origin);
  const settings = settleImages({
    project: origin.project,
    ...imageSources(readConfig(origin.project, stack, origin.config).images, inputs),
    contentHashes: inputs.imageHashes,
    parts: ["ci"],
  });
  const wanted = settings.find(({ name }) => name === "ci");
  const odoo = resourcesOf(plan, TYPES.image).find(({ name }) => name === "odoo");
  if (wanted === undefined || odoo === undefined)
    throw new Fault(`Stack ${stack} makes no image of Odoo to test modules in.`);
  if (!(await hasImage(docker, wanted.ref))) {
    say(`building ${wanted.ref}, for ${textOf(odoo, "imageName")}`);
    await buildImage(docker, {
      context: join(root, "docker/ci"),
      dockerfile: join(root, "docker", wanted.dockerfile),
      tag: wanted.ref,
      args: wanted.args,
    });
  }
  return { image: wanted.ref, volume: `${origin.project}-module-tests` };
}
