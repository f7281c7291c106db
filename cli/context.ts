import { type Command, Option } from "commander";
import type Docker from "dockerode";

import { connectDocker } from "../engine/docker.ts";
import { ensureEngine } from "../engine/docker-engine.ts";
import type { Engine, Say } from "../engine/engine.ts";
import { chooseEngine } from "../engine/choose.ts";
import { buildImages, settleBases } from "../engine/images.ts";
import { preflight } from "../engine/preflight.ts";
import { originOf, planStack } from "../engine/stack-plan.ts";
import { letGoOfOther } from "../engine/update/served.ts";
import type { Plan } from "../plan/plan.ts";
import { readInputs } from "../stacks/inputs.ts";
import { refuseViolations } from "./findings.ts";

/** Options that most verbs share. */
export interface StackOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Adds `--stack`. */
export function withStack(command: Command): Command {
  return command.option("-s, --stack <name>", "which stack: the name in Pulumi.<name>.yaml", "dev");
}

/** Adds `--engine`. */
export function withEngine(command: Command): Command {
  return command.addOption(
    new Option(
      "--engine <name>",
      "by default the one that made the stack, else Pulumi where its CLI is found, else Compose",
    ).choices(["pulumi", "compose"]),
  );
}

/** Folder of the project. */
export function projectRoot(): string {
  return process.cwd();
}

/** A stack on a machine whose Docker Engine answers, ready to be worked on. */
export interface Ready {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  readonly engine: Engine;
  /** Why this engine. */
  readonly reason: string;
}

/** Brings the machine to the point where a stack can be deployed: engine, bases, plan, images. */
export async function prepare(stack: string, engineName: string | undefined, say: Say): Promise<Ready> {
  const root = projectRoot();
  // Configuration first, then what else is in the way: all of it is reported before anything is touched.
  const inputs = readInputs(root, originOf(root, stack));
  const ofSources = () => planStack(stack, { root, override: (inputs) => ({ ...inputs, held: undefined }) });
  const wanted = await ofSources();
  refuseViolations(wanted, inputs.now);
  await preflight(connectDocker(), root, wanted);
  const docker = await ensureEngine(say);
  await settleBases(docker, root, inputs, say);
  // Bases are settled, so that images have their names.
  const sources = await ofSources();
  const held = letGoOfOther(root, sources);
  const plan = held === undefined ? sources : await planStack(stack, { root });
  // Where images come from may have been found out only now, and is judged too.
  refuseViolations(plan, inputs.now);
  const { engine, reason } = await chooseEngine({ docker, root, plan, wanted: engineName, say });
  await buildImages(docker, root, plan, say);
  return { root, docker, plan, engine, reason };
}

/** A stack that was brought up before: nothing is installed, built or started. */
export async function open(stack: string, engineName?: string): Promise<Ready> {
  const root = projectRoot();
  const docker = connectDocker();
  const plan = await planStack(stack, { root });
  const { engine, reason } = await chooseEngine({ docker, root, plan, wanted: engineName, say: () => undefined });
  return { root, docker, plan, engine, reason };
}
