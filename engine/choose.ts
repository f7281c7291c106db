import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type Docker from "dockerode";

import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { composeEngine } from "./compose.ts";
import { findCompose } from "./compose-cli.ts";
import type { Engine, Say } from "./engine.ts";
import { Fault } from "./fault.ts";
import { findPulumi } from "./pulumi-cli.ts";
import { writeWhole } from "./write-whole.ts";

export interface ChooseArgs {
  readonly docker: Docker;
  readonly root: string;
  readonly plan: Plan;
  /** What the user asked for, if anything. */
  readonly wanted: string | undefined;
  readonly say: Say;
}

/**
 * Chooses the engine: the one asked for, else the one that made the stack, else Pulumi where its CLI is found, else
 * Docker Compose.
 *
 * @throws Fault for an unknown engine, for one that isn't there, and for one other than the stack was made with: two
 *   engines would each take the other's containers for strangers.
 */
export async function chooseEngine({
  docker,
  root,
  plan,
  wanted,
  say,
}: ChooseArgs): Promise<{ engine: Engine; reason: string }> {
  if (wanted !== undefined && wanted !== "pulumi" && wanted !== "compose") {
    throw new Fault(`--engine must be pulumi or compose; got ${wanted}`);
  }
  const made = madeWith(root, plan.stack);
  if (wanted !== undefined && made !== undefined && wanted !== made) {
    throw new Fault(
      `Stack ${plan.stack} was made with ${made}, which keeps the secrets that its data was made with. To make it anew with ${wanted}, remove it with its data: \`npm run platform -- down --stack ${plan.stack} --volumes\`.`,
    );
  }
  const name = wanted ?? made;
  const pulumi = name === "compose" ? undefined : await findPulumi();
  if (name === "pulumi" && pulumi === undefined) {
    throw new Fault(
      "No Pulumi CLI was found (on PATH, in ~/.pulumi, or through the npm package pulumi). Install it from Pulumi's documentation, or leave out --engine pulumi.",
    );
  }
  if (pulumi !== undefined) {
    const { pulumiEngine } = await import("./pulumi.ts");
    return {
      engine: pulumiEngine(docker, pulumi, root, plan),
      reason: name === undefined ? `a Pulumi CLI was found at ${pulumi.path}` : because(wanted),
    };
  }
  const cli = await findCompose({ docker, root, project: plan.project, stack: plan.stack, base: baseOf(plan), say });
  return {
    engine: composeEngine(docker, cli, root, plan.stack),
    reason: name === undefined ? "no Pulumi CLI was found" : because(wanted),
  };
}

function because(wanted: string | undefined): string {
  return wanted === undefined ? "the stack was made with it" : "--engine asked for it";
}

function markFile(root: string, stack: string): string {
  return join(root, ".platform", stack, "engine");
}

/** The engine that made a stack on this machine, or undefined. */
export function madeWith(root: string, stack: string): Engine["name"] | undefined {
  const file = markFile(root, stack);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8").trim() === "pulumi" ? "pulumi" : "compose";
}

/** Remembers which engine a stack is made with. */
export function rememberEngine(root: string, stack: string, name: Engine["name"]): void {
  writeWhole(markFile(root, stack), `${name}\n`);
}

/** Base of the images in a plan. */
function baseOf(plan: Plan): string {
  const image = resourcesOf(plan, TYPES.image).find(({ name }) => name === "postgres");
  const build = image?.inputs["build"] as { args: { BASE: string } } | undefined;
  if (build === undefined) throw new Error(`the plan of ${plan.stack} builds no postgres image`);
  return build.args.BASE;
}
