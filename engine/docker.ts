import { createRequire } from "node:module";
import { PassThrough } from "node:stream";

import type Docker from "dockerode";

import type { Plan, PlannedResource } from "../plan/plan.ts";
import { resourcesOf, TYPES } from "../plan/plan.ts";

/** A client of the Docker Engine that `DOCKER_HOST` names, else of the local one. */
export function connectDocker(): Docker {
  // Loaded when the first one connects: a plan needs none, and its client brings SSH with it.
  const Client = createRequire(import.meta.url)("dockerode") as typeof Docker;
  return new Client();
}

/** The answer, or undefined where the Engine knows no such thing. */
export function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  return tolerate([404], answer);
}

/**
 * The answer, or undefined where the Engine refuses with one of these codes. 304: it is as wanted already. 404: it isn't
 * there. 409: it does not run, or is being removed.
 */
export async function tolerate<T>(codes: readonly number[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (codes.includes((error as { statusCode?: number }).statusCode ?? 0)) return undefined;
    throw error;
  }
}

/** An event in the answer to a build or a pull. */
export interface ProgressEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/**
 * Follows a build or a pull to its end.
 *
 * @throws Error with what the Engine says went wrong. It says so in an event, long after it answered 200, and the client
 *   takes that for an event like any other.
 */
export async function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onEvent: (event: ProgressEvent) => void = () => undefined,
): Promise<void> {
  let failure: string | undefined;
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => (error === null ? resolve() : reject(error)),
      (event: ProgressEvent) => {
        failure ??= event.error;
        onEvent(event);
      },
    );
  });
  if (failure !== undefined) throw new Error(failure);
}

/** What a command in a container printed, and how it ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecArgs {
  /** Text for the command's standard input. */
  readonly stdin?: string;
  /** `uid:gid`. @default the container's user */
  readonly user?: string;
  /** Extra environment, such as `NAME=value`. It is visible to the container's processes: no secrets. */
  readonly env?: readonly string[];
  /** @default 60 */
  readonly timeoutSeconds?: number;
}

/**
 * Runs a command in a running container.
 *
 * @throws Error when the container isn't there or doesn't run, or the command takes longer than allowed. A command that
 *   fails is no error: see `exitCode`.
 */
export async function execIn(
  docker: Docker,
  container: string,
  command: readonly string[],
  args: ExecArgs = {},
): Promise<ExecResult> {
  const { stdin, user, env = [], timeoutSeconds = 60 } = args;
  const exec = await docker.getContainer(container).exec({
    Cmd: [...command],
    AttachStdin: stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    Env: [...env],
    ...(user === undefined ? {} : { User: user }),
  });
  const stream = await exec.start({ hijack: true, stdin: stdin !== undefined });
  const stdout = collect();
  const stderr = collect();
  docker.modem.demuxStream(stream, stdout.stream, stderr.stream);
  if (stdin !== undefined) stream.end(stdin);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      stream.destroy();
      reject(new Error(`${command[0] ?? ""} in ${container} took longer than ${timeoutSeconds} s`));
    }, timeoutSeconds * 1000);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    stream.once("end", done).once("close", done).once("error", reject);
  });
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(): { stream: PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

/** The text of a log of one stream, which comes in frames: eight bytes with the length in the last four, then so many. */
export function standardOutput(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Containers that run: services and jobs. Those that only carry secrets into volumes are Pulumi's own means. */
export function servicesOf(plan: Plan): PlannedResource[] {
  return resourcesOf(plan, TYPES.container).filter(({ inputs }) => inputs["start"] !== false);
}

/** A planned container by the name of its service. */
export function plannedContainer(plan: Plan, service: string): PlannedResource {
  const found = servicesOf(plan).find((container) => serviceOf(container) === service);
  if (found === undefined) throw new Error(`the plan of ${plan.stack} has no service ${service}`);
  return found;
}

/** Name of the service that a planned container is. */
export function serviceOf({ name, inputs }: PlannedResource): string {
  const labels = inputs["labels"] as { label: string; value: string }[] | undefined;
  return labels?.find(({ label }) => label === "odoo-platform.service")?.value ?? name;
}

/** Physical name of a planned container. */
export function containerName({ name, inputs }: PlannedResource): string {
  const physical = inputs["name"];
  return typeof physical === "string" ? physical : name;
}

/** Prefix of every physical name in a stack. */
export function prefixOf(plan: Plan): string {
  return `${plan.project}-${plan.stack}`;
}
