import { readFileSync } from "node:fs";
import { dirname } from "node:path";

import type Docker from "dockerode";
import { pack } from "tar-fs";

import { follow, orAbsent } from "./docker.ts";
import { Fault, messageOf } from "./fault.ts";

/** One image to build with the classic builder of the Engine's API, which needs no plugin. */
export interface BuildArgs {
  /** Absolute path of the folder that is sent. @default - nothing but the Dockerfile */
  readonly context?: string;
  /** Absolute path of the Dockerfile, which lies outside of the context: what is in there is what can be copied. */
  readonly dockerfile: string;
  readonly tag: string;
  readonly args: { readonly [name: string]: string };
  /** Called with each line that the builder prints. */
  readonly onLine?: (line: string) => void;
}

/** Does the engine have this image? */
export async function hasImage(docker: Docker, ref: string): Promise<boolean> {
  return (await orAbsent(docker.getImage(ref).inspect())) !== undefined;
}

/**
 * Builds an image.
 *
 * @throws Fault with the builder's message and the end of what it printed.
 */
export async function buildImage(docker: Docker, { context, dockerfile, tag, args, onLine }: BuildArgs): Promise<void> {
  // No labels: they would be one more step, and Pulumi's provider, which asks for none, would get another image.
  const stream = await docker.buildImage(contextOf(context, dockerfile), {
    dockerfile: DOCKERFILE,
    t: tag,
    buildargs: args,
    forcerm: true,
  });
  const lines: string[] = [];
  try {
    await follow(docker, stream, ({ stream, status }) => {
      const line = stream ?? (status === undefined ? "" : `${status}\n`);
      if (line.trim() === "") return;
      lines.push(line);
      onLine?.(line.trimEnd());
    });
  } catch (error) {
    throw buildFault(tag, messageOf(error), lines);
  }
}

/** Name of the Dockerfile among what is sent; no file of a context has it. */
const DOCKERFILE = ".Dockerfile.of-this-build";

/** A context as Docker's own client sends it, so that both find each other's layers: all files root's, and no litter. */
function contextOf(context: string | undefined, dockerfile: string): NodeJS.ReadableStream {
  const text = readFileSync(dockerfile);
  return pack(context ?? dirname(dockerfile), {
    // Modes as they are, whatever this process masks; the types don't know the option.
    ...({ umask: 0 } as object),
    ...(context === undefined ? { entries: [] } : {}),
    ignore: (path) => path.includes("__pycache__"),
    // The builder hashes headers too: a folder's name ends with a slash, which this packer leaves out.
    map: ({ name, ...rest }) => ({ ...rest, name: rest.type === "directory" ? `${name}/` : name, uid: 0, gid: 0 }),
    finalize: false,
    finish: (stream) => {
      stream.entry({ name: DOCKERFILE, mode: 0o644 }, text);
      stream.finalize();
    },
  });
}

/** What went wrong in a build, with what mends it where that is known. */
export function buildFault(tag: string, message: string, printed: readonly string[]): Fault {
  const all = `${message}\n${printed.join("")}`;
  if (/no space left on device/i.test(all)) {
    return new Fault(
      `The disk is full: ${tag} could not be built (${message}). Free space, for instance with \`docker system prune\`, then repeat the command; finished layers are kept.`,
    );
  }
  if (
    /no such host|i\/o timeout|connection refused|TLS handshake|Temporary failure (in name resolution|resolving)|Could not resolve/i.test(
      all,
    ) ||
    // It hung up. Of the message alone: commands print such words too.
    /download failed after attempts|connection reset|unexpected EOF|: EOF$/.test(message)
  ) {
    return new Fault(
      `A registry or mirror stopped answering while ${tag} was built (${message}). Repeat the command when it is back; finished layers are kept. Without any image registry set images.source: debian.`,
    );
  }
  return new Fault(`${tag} could not be built: ${message}\n${printed.slice(-15).join("")}`);
}
