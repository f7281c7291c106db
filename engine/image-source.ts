import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { x } from "tinyexec";

import { type Machine, machineFile, readMachine } from "../stacks/inputs.ts";
import { follow } from "./docker.ts";
import { hasProgram, installPackages, isDebian, isRoot } from "./docker-engine.ts";
import { Fault, messageOf } from "./fault.ts";
import { buildImage, hasImage } from "./image-build.ts";
import { writeJson } from "./write-whole.ts";

/**
 * Can this engine pull images? Tried with the very base that the images are built from.
 *
 * @returns the base where it can be had, else why not.
 */
export async function findRegistry(
  docker: Docker,
  base: string,
): Promise<{ inReach: true } | { inReach: false; why: string }> {
  if (await hasImage(docker, base)) return { inReach: true };
  try {
    await follow(docker, await docker.pull(base));
    return { inReach: true };
  } catch (error) {
    return { inReach: false, why: messageOf(error) };
  }
}

/** Makes Debian's base from packages alone; 35 s where a mirror is near. */
export async function buildDebianBase(
  docker: Docker,
  root: string,
  ref: string,
  say: (line: string) => void,
): Promise<void> {
  if (await hasImage(docker, ref)) return;
  if (!isRoot())
    throw new Fault(
      "No image registry is in reach, and making Debian's base from packages needs root. Run `sudo npm run platform -- images` once, then repeat the command.",
    );
  if (!(await hasProgram("debootstrap"))) {
    if (!isDebian())
      throw new Fault(
        "No image registry is in reach, and debootstrap is missing. Install debootstrap, then repeat the command.",
      );
    say("installing debootstrap");
    await installPackages(["debootstrap"]);
  }
  say(`making ${ref} with debootstrap`);
  const result = await x("bash", [join(root, "docker/base/debootstrap.sh"), ref]);
  if (result.exitCode !== 0) throw new Fault(`debootstrap could not make ${ref}: ${result.stderr.trim()}`);
}

/** The CA bundle that this host's environment names, if any. */
export function hostBundle(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = [env["SSL_CERT_FILE"], env["NODE_EXTRA_CA_CERTS"]].filter((path) => path !== undefined && path !== "");
  for (const path of named) {
    if (path !== undefined && existsSync(path)) return path;
  }
  if (named.length > 0)
    throw new Fault(
      `The CA bundle ${named.join(", ")} that the environment names does not exist. Unset SSL_CERT_FILE and NODE_EXTRA_CA_CERTS, or mend the path.`,
    );
  return undefined;
}

/**
 * The base of build stages: the base itself, or one that carries the host's CA bundle, so that pip, npm, go and curl
 * trust what the host trusts while they build.
 *
 * @returns its name.
 */
export async function buildBuildBase(
  docker: Docker,
  args: { root: string; project: string; base: string },
  say: (line: string) => void,
): Promise<string> {
  const bundle = hostBundle();
  if (bundle === undefined) return args.base;
  const dockerfile = join(args.root, "docker/Dockerfile.build-base");
  const certificates = readFileSync(bundle);
  const hash = createHash("sha256")
    .update(args.base)
    .update(readFileSync(dockerfile))
    .update(certificates)
    .digest("hex");
  const ref = `${args.project}/build-base:${hash.slice(0, 12)}`;
  if (await hasImage(docker, ref)) return ref;
  say(`making ${ref}: builds trust ${bundle}`);
  const context = mkdtempSync(join(tmpdir(), "odoo-platform-ca-"));
  try {
    writeFileSync(join(context, "ca.crt"), certificates);
    await buildImage(docker, { context, dockerfile, tag: ref, args: { BASE: args.base } });
  } finally {
    rmSync(context, { recursive: true });
  }
  return ref;
}

/** Records what was found on this machine, whole or not at all. */
export function writeMachine(root: string, stack: string, machine: Machine): void {
  writeJson(join(root, machineFile(stack)), machine);
}

/** Gives a copy of the project what was found on this machine, for a stack of the same name or of another: it is of no commit. */
export function lendMachine(root: string, copy: string, stack: string, name = stack): void {
  const machine = readMachine(root, stack);
  if (machine !== undefined) writeMachine(copy, name, machine);
}
