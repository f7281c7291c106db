import { join } from "node:path";
import { PassThrough } from "node:stream";

import type Docker from "dockerode";
import { x } from "tinyexec";

import { hashFolders } from "../stacks/inputs.ts";
import { tolerate } from "./docker.ts";
import type { Say } from "./engine.ts";
import { Fault } from "./fault.ts";
import { buildImage, hasImage } from "./image-build.ts";

/** Oldest Compose that the rendered files were tried with. */
const LEAST: readonly [number, number] = [2, 20];

/** A Docker Compose v2 to run. */
export interface ComposeCli {
  /** For people: which one it is. */
  readonly description: string;
  /** Runs it in the project's folder; resolves with its output whatever its exit code. */
  readonly run: (
    args: readonly string[],
    onLine?: (line: string) => void,
  ) => Promise<{ exitCode: number; output: string }>;
}

export interface FindComposeArgs {
  readonly docker: Docker;
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  /** Base of the tools image. */
  readonly base: string;
  readonly say: Say;
}

/** The Docker CLI's plugin, else `docker-compose`, else the one in the tools image, which is built where need be. */
export async function findCompose({ docker, root, project, stack, base, say }: FindComposeArgs): Promise<ComposeCli> {
  for (const command of [["docker", "compose"], ["docker-compose"]]) {
    const version = await versionOf(command);
    if (version !== undefined && isSupported(version)) return local(command, version, root);
  }
  const tag = `${project}/tools:${hashFolders(root, [], ["docker/Dockerfile.tools"]).slice(0, 12)}`;
  if (!(await hasImage(docker, tag))) {
    say(`building ${tag}: this machine has no Docker Compose 2.20 or newer`);
    await buildImage(docker, { dockerfile: join(root, "docker/Dockerfile.tools"), tag, args: { BASE: base } });
  }
  return contained(docker, tag, root, stack);
}

/** Is this `major.minor…` new enough? */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

async function versionOf(command: readonly string[]): Promise<string | undefined> {
  const [program = "", ...rest] = command;
  try {
    const { exitCode, stdout } = await x(program, [...rest, "version", "--short"]);
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

function local(command: readonly string[], version: string, root: string): ComposeCli {
  const [program = "", ...rest] = command;
  return {
    description: `${command.join(" ")} ${version}`,
    run: async (args, onLine) => {
      const child = x(program, [...rest, "--ansi", "never", "--progress", "plain", ...args], {
        nodeOptions: { cwd: root },
      });
      let output = "";
      for await (const line of child) {
        output += `${line}\n`;
        onLine?.(line);
      }
      const { exitCode } = await child;
      return { exitCode: exitCode ?? 1, output };
    },
  };
}

function contained(docker: Docker, tag: string, root: string, stack: string): ComposeCli {
  const name = `${tag.split("/")[0] ?? ""}-${stack}-compose`;
  return {
    description: `docker-compose in ${tag}`,
    run: async (args, onLine) => {
      // Only what changes a stack must be alone; its lock sees to that.
      const alone = args.includes("up") || args.includes("down");
      if (alone) await endEarlierRun(docker, name);
      const stream = new PassThrough();
      let output = "";
      let rest = "";
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
        const lines = (rest + chunk.toString("utf8")).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach((line) => onLine?.(line.trimEnd()));
      });
      const [result, container] = (await docker.run(tag, ["--ansi", "never", "--progress", "plain", ...args], stream, {
        ...(alone ? { name } : {}),
        Tty: true,
        WorkingDir: root,
        HostConfig: {
          NetworkMode: "none",
          // Compose drives the Engine through its socket: this container is the operator's own command, not a service.
          Binds: ["/var/run/docker.sock:/var/run/docker.sock", `${root}:${root}`],
        },
      })) as [{ StatusCode: number }, Docker.Container];
      // Not by AutoRemove: a command that ends at once would be gone before its exit code is asked for.
      await container.remove({ force: true });
      return { exitCode: result.StatusCode, output };
    },
  };
}

/** A command that was killed leaves its Compose at work in the Engine; whoever holds the stack's lock may end it. */
async function endEarlierRun(docker: Docker, name: string): Promise<void> {
  await tolerate([404, 409], docker.getContainer(name).remove({ force: true }));
}

/** What Compose said went wrong: its last lines that aren't progress. */
export function composeFault(output: string): Fault {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => /error|fail|unhealthy|exited|denied|conflict|in use|no space/i.test(line));
  return new Fault(
    `Docker Compose could not bring the stack up:\n${(telling.length > 0 ? telling : lines).slice(-6).join("\n")}`,
  );
}
