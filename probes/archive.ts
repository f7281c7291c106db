import { basename } from "node:path";
import type { Readable } from "node:stream";

import type Docker from "dockerode";

import { orAbsent } from "../engine/docker.ts";

/** A tar archive is a row of 512-byte blocks: a header, then the file's content, padded. */
const BLOCK = 512;

/** What the header of a file in an archive says. */
export interface ArchiveEntry {
  readonly name: string;
  /** Not a folder, a link or a record of the archive's own. */
  readonly file: boolean;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Reads a tar header; undefined for the empty block that ends an archive. */
export function parseHeader(block: Buffer): ArchiveEntry | undefined {
  if (block.length < BLOCK || block.every((byte) => byte === 0)) return undefined;
  const octal = (from: number, length: number) =>
    Number.parseInt(block.toString("latin1", from, from + length).replace(/[\0 ]+/g, ""), 8) || 0;
  const name = block.toString("utf8", 0, 100).replace(/\0.*$/s, "");
  // A regular file's type is 0, or nothing in archives of old.
  const file = block[156] === 0x30 || block[156] === 0;
  return { name, file, mode: octal(100, 8) & 0o7777, uid: octal(108, 8), gid: octal(116, 8), size: octal(124, 12) };
}

/**
 * Reads the small files of a folder in a container, running or not, volumes and mounted secrets included.
 *
 * @returns content by name, without the folders above.
 * @throws Error naming container and path when there is none.
 */
export async function readContainerFolder(
  docker: Docker,
  container: string,
  path: string,
): Promise<Map<string, string>> {
  return filesIn(await firstBytes(await open(docker, container, path), Number.POSITIVE_INFINITY));
}

/** Reads one small file of a container, as `readContainerFolder` does. */
export async function readContainerFile(docker: Docker, container: string, path: string): Promise<string> {
  const [text] = (await readContainerFolder(docker, container, path)).values();
  if (text === undefined) throw new Error(`${path} in ${container} is no file`);
  return text;
}

/** Files of an archive, by their name without folders. */
export function filesIn(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at < archive.length;) {
    const entry = parseHeader(archive.subarray(at, at + BLOCK));
    if (entry === undefined) break;
    const content = at + BLOCK;
    if (entry.file) files.set(basename(entry.name), archive.toString("utf8", content, content + entry.size));
    at = content + Math.ceil(entry.size / BLOCK) * BLOCK;
  }
  return files;
}

/** Owner and mode of a file or folder in a container, running or not. */
export async function statContainerPath(docker: Docker, container: string, path: string): Promise<ArchiveEntry> {
  const entry = parseHeader(await firstBytes(await open(docker, container, path), BLOCK));
  if (entry === undefined) throw new Error(`${container} has an unreadable ${path}`);
  return entry;
}

async function open(docker: Docker, container: string, path: string): Promise<Readable> {
  const archive = await orAbsent(docker.getContainer(container).getArchive({ path }));
  if (archive === undefined) throw new Error(`${container} is not there, or has no ${path}`);
  return archive as Readable;
}

/** Reads until there is enough, and lets go of the rest: the archive of a data folder may be huge. */
async function firstBytes(stream: Readable, enough: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= enough) break;
  }
  stream.destroy();
  return Buffer.concat(chunks);
}
