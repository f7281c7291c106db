import { randomInt } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Plan, type PlannedResource, resourcesOf, TYPES } from "../plan/plan.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Folder of a stack's generated secrets for the Compose engine. */
export function secretsFolder(root: string, stack: string): string {
  return join(root, ".platform", stack, "secrets");
}

/**
 * Writes a file for every secret of the plan that has none yet, or has one of another generation, as `@pulumi/random` would: same length, same alphabet.
 *
 * Docker binds the files into containers whose user is not the host's, and Compose can't change the owner of a file
 * secret: so the files are readable, and the folder (0700) is what keeps others out.
 *
 * @returns names of the secrets that were made.
 */
export function writeSecrets(root: string, plan: Plan): string[] {
  const folder = secretsFolder(root, plan.stack);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const generations = readGenerations(root, plan.stack);
  const made = resourcesOf(plan, TYPES.password).flatMap(({ name, inputs }) => {
    const path = join(folder, name);
    const generation = generationOf(inputs);
    const known = generations[name] ?? "1";
    if (generation === known && existsSync(path) && readFileSync(path, "utf8").length > 0) return [];
    const length = Number(inputs["length"]);
    // Another file, not another text in it: containers that run keep the old one until they are made anew.
    rmSync(path, { force: true });
    writeFileSync(path, Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""), { mode: 0o444 });
    generations[name] = generation;
    return [name];
  });
  if (made.length > 0) writeGenerations(root, plan.stack, generations);
  return made;
}

interface Generations {
  [secret: string]: string;
}

/** Which value of a secret is wanted, as `keepers` of `@pulumi/random` say it. */
function generationOf(inputs: PlannedResource["inputs"]): string {
  const { generation = "1" } = (inputs["keepers"] ?? {}) as { generation?: string };
  return generation;
}

/** Which value of each secret the files hold. */
function readGenerations(root: string, stack: string): Generations {
  const file = generationsFile(root, stack);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Generations) : {};
}

function writeGenerations(root: string, stack: string, generations: Generations): void {
  writeFileSync(generationsFile(root, stack), `${JSON.stringify(generations, null, 2)}\n`);
}

function generationsFile(root: string, stack: string): string {
  return join(root, ".platform", stack, "generations.json");
}

/**
 * Writes secrets that were made elsewhere, before a stack's first `up` makes its own. All or none.
 *
 * @throws Error naming those that the stack has already, with another value: data was made with it.
 */
export function importSecrets(root: string, plan: Plan, secrets: ReadonlyMap<string, string>): void {
  const folder = secretsFolder(root, plan.stack);
  const others = [...secrets].filter(([name, value]) => {
    return existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8") !== value;
  });
  if (others.length > 0) throw new Error(`it has others already: ${others.map(([name]) => name).join(", ")}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, value] of secrets) {
    if (!existsSync(join(folder, name))) writeFileSync(join(folder, name), value, { mode: 0o444 });
  }
  const wanted = resourcesOf(plan, TYPES.password).filter(({ name }) => secrets.has(name));
  writeGenerations(root, plan.stack, {
    ...readGenerations(root, plan.stack),
    ...Object.fromEntries(wanted.map(({ name, inputs }) => [name, generationOf(inputs)])),
  });
}

/**
 * A generated secret's value.
 *
 * @throws Error with the command that makes it, when there is none.
 */
export function readSecret(root: string, stack: string, name: string): string {
  const path = join(secretsFolder(root, stack), name);
  if (!existsSync(path))
    throw new Error(`stack ${stack} has no secret ${name} yet; run \`npm run platform -- up --stack ${stack}\``);
  return readFileSync(path, "utf8");
}
