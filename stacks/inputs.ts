import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { DOCKERFILES, type ImageName } from "../components/images.ts";
import { type Evidence, evidenceSchema } from "../gates/evidence.ts";
import type { Signer } from "../gates/seal.ts";
import { recordFiles, taskFiles } from "../gates/tasks.ts";
import { digestOf } from "../plan/digest.ts";
import { type Held, readHeld } from "./held.ts";
import { readJson } from "./read-json.ts";
import { readMachineKey, readSigners } from "./signers.ts";
import { sourceCommit } from "./source-commit.ts";

/** What was found on this machine; written by `platform images` and `platform up`, read by every engine. */
export const machineSchema = z.strictObject({
  /** Can images be pulled? */
  imageSource: z.enum(["registry", "debian"]),
  /** Base of build stages: the base with the host's own CA in it. */
  buildBase: z.string().optional(),
});

export type Machine = z.output<typeof machineSchema>;

/** Everything that the program takes from outside, read once, as plain data. */
export interface Inputs {
  readonly project: string;
  readonly stack: string;
  readonly config: { readonly [key: string]: string };
  readonly machine: Machine | undefined;
  /** Code that the stack goes on serving though its sources are newer. */
  readonly held: Held | undefined;
  readonly imageHashes: { readonly [name in ImageName]: string };
  /** Content hash of the recipe for Debian's base. */
  readonly baseHash: string;
  /** Digest of the sources that turn a configuration into a system. */
  readonly sourcesDigest: string;
  /** SHA-256 of each file that tasks speak of, and of each record of the stack. */
  readonly files: { readonly [path: string]: string };
  readonly evidence: readonly Evidence[];
  /** Keys that `evidence/signers.json` admits. */
  readonly signers: readonly Signer[];
  /** Public key of this machine, where it has one: its evidence counts for stacks that live on it alone. */
  readonly machineKey: string | undefined;
  /** Commit that last changed anything but evidence; empty outside a repository. */
  readonly commit: string;
  readonly now: Date;
}

/** Where the facts that a stack's images depend on are kept: another stack may take its bases from elsewhere. */
export function machineFile(stack: string): string {
  return `.platform/${stack}/machine.json`;
}

/** Which stack, and its configuration as Pulumi hands it to a program. */
export type Origin = Pick<Inputs, "project" | "stack" | "config">;

/** Reads everything from the project's folder, from Pulumi's configuration and from the clock. */
export function readInputs(root = process.cwd(), origin: Origin = pulumiOrigin(), now = new Date()): Inputs {
  const sources = ["components", "stacks", "docker"].flatMap((folder) => filesBelow(root, folder));
  return {
    ...origin,
    machine: readMachine(root, origin.stack),
    held: readHeld(root, origin.stack),
    imageHashes: mapValues(DOCKERFILES, (dockerfile, name) => contentHash(root, name, dockerfile)),
    baseHash: hashFolders(root, ["docker/base"]),
    sourcesDigest: digestOf(sources.map((path) => [path, fileDigest(join(root, path))])),
    files: Object.fromEntries(
      [...taskFiles(), ...recordFiles(origin.stack)]
        .filter((path) => existsSync(join(root, path)))
        .map((path) => [path, fileDigest(join(root, path))]),
    ),
    evidence: readEvidence(root, origin.stack),
    signers: readSigners(root),
    machineKey: readMachineKey(root),
    commit: sourceCommit(root),
    now,
  };
}

/** Without the facts of this machine: what every machine would plan. */
export function ofNoMachine(inputs: Inputs): Inputs {
  return { ...inputs, machine: undefined, held: undefined };
}

function pulumiOrigin(): Origin {
  return { project: pulumi.getProject(), stack: pulumi.getStack(), config: pulumi.runtime.allConfig() };
}

/** The facts of this machine, or undefined where none were recorded. */
export function readMachine(root: string, stack: string): Machine | undefined {
  const path = machineFile(stack);
  if (!existsSync(join(root, path))) return undefined;
  return readJson(
    machineSchema,
    root,
    path,
    `Remove it, and run \`npm run platform -- images --stack ${stack}\` to write it anew.`,
  );
}

/** All evidence of a stack. A file that isn't evidence is an error: dropping it would turn NO-GO into PENDING. */
export function readEvidence(root: string, stack: string): Evidence[] {
  const folder = `evidence/${stack}`;
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) =>
      readJson(
        evidenceSchema,
        root,
        `${folder}/${name}`,
        `Run \`npm run platform -- verify --stack ${stack}\` to take it again.`,
      ),
    );
}

/**
 * Hash of what goes into an image: its Dockerfile and its folder, which is the build context. File modes count, names of
 * machines and times don't.
 */
function contentHash(root: string, name: string, dockerfile: string): string {
  return hashFolders(root, [`docker/${name}`], [`docker/${dockerfile}`]);
}

/** Hash of files and of all files below folders: names, contents, and whether they are executable. */
export function hashFolders(root: string, folders: readonly string[], files: readonly string[] = []): string {
  const paths = [...files, ...folders.flatMap((folder) => filesBelow(root, folder))];
  return digestOf(
    paths.map((path) => [path, fileDigest(join(root, path)), (statSync(join(root, path)).mode & 0o111) !== 0]),
  );
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Hexadecimal SHA-256 of a file. */
export function fileDigest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function mapValues<K extends string, V, W>(
  record: { readonly [key in K]: V },
  map: (value: V, key: K) => W,
): { [key in K]: W } {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value, key as K)])) as {
    [key in K]: W;
  };
}
