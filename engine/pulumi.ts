import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type Docker from "dockerode";

import { type Plan, resourcesOf, TYPES } from "../plan/plan.ts";
import { containerName, serviceOf, servicesOf } from "./docker.ts";
import type { Engine, Say } from "./engine.ts";
import { Fault, messageOf } from "./fault.ts";
import { findBackend } from "./pulumi-backend.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import {
  changedBetween,
  containersOf,
  failedJobs,
  removeContainers,
  removeStrangers,
  removeUnknown,
  removeVolumes,
  startTimes,
  waitHealthy,
} from "./pulumi-containers.ts";
import { type Problem, problemIn, pulumiFault, saysNameTaken } from "./pulumi-fault.ts";
import { endHolders, saysLocked } from "./pulumi-lock.ts";
import { openStack, type StackHandle, type Watch } from "./pulumi-stack.ts";
import { idsIn, runningIn, secretIn } from "./pulumi-state.ts";

/** How often an operation is tried again after what a killed one left was cleared away. */
const TRIES = 4;

/** The product's engine: Pulumi, driven through its Automation API. */
export function pulumiEngine(docker: Docker, cli: PulumiCli, root: string, plan: Plan): Engine {
  const backend = findBackend(root);
  const { stack: name } = plan;
  const marker = join(root, ".platform", name, "pulumi-at-work");
  let opened: Promise<StackHandle> | undefined;
  const open = (): Promise<StackHandle> => {
    opened ??= openStack({ cli, backend, root, stack: name }).catch((error: unknown) => {
      throw pulumiFault(plan, error, []);
    });
    return opened;
  };

  /** Runs an operation that changes the stack, from whatever an earlier one left. */
  const change = async (say: Say, operation: (stack: StackHandle, watch: Watch) => Promise<void>): Promise<void> => {
    const stack = await open();
    const killed = existsSync(marker);
    mkdirSync(dirname(marker), { recursive: true, mode: 0o700 });
    writeFileSync(marker, "");
    const attempt = (work: (watch: Watch) => Promise<void>) => tryAgain({ plan, docker, stack, say, killed }, work);
    try {
      if (killed) {
        say("an earlier update was cut off; reading what it left");
        await attempt((watch) => stack.refresh(watch));
        await removeUnknown(docker, plan, idsIn(await stack.exported()), say);
      }
      await attempt((watch) => operation(stack, watch));
    } finally {
      // One that failed has ended in order, and left nothing that its state doesn't know.
      rmSync(marker, { force: true });
    }
  };

  const up = async (say: Say): Promise<readonly string[]> => {
    const altered = new Set<string>();
    await change(say, async (stack, watch) => {
      const onEvent = (event: EngineEvent): void => {
        const container = alteredBy(plan, event);
        if (container !== undefined) altered.add(container);
        watch.onEvent(event);
      };
      await stack.up({ onEvent });
    });
    await removeStrangers(docker, plan, say);
    await waitHealthy(docker, plan);
    return [...altered];
  };

  return {
    name: "pulumi",
    description: `pulumi ${cli.version}, ${backend.description}`,
    whereIs: () => `\`npm run platform -- outputs --stack ${name} --show-secrets\``,

    secret: async (secret) => {
      const value = secretIn(await (await open()).exported(), secret);
      if (value === undefined) {
        throw new Fault(
          `The state of stack ${name} has no secret ${secret}; run \`npm run platform -- up --stack ${name}\`.`,
        );
      }
      return value;
    },

    outputs: async (showSecrets) => (await open()).outputs(showSecrets),

    up: async (_plan, say) => {
      const before = await startTimes(docker, plan);
      const failed = failedJobs(plan, await containersOf(docker, plan));
      for (const job of failed) say(`${job.name} failed before; it runs again`);
      await removeContainers(docker, failed);
      const altered = await up(say);
      return { services: [...new Set([...altered, ...changedBetween(before, await startTimes(docker, plan))])].sort() };
    },

    // A container that is gone is made again, without those that depend on it; `--replace` would take these along.
    replace: async (_plan, services, say) => {
      const names = new Set(
        servicesOf(plan)
          .filter((container) => services.includes(serviceOf(container)))
          .map(containerName),
      );
      await removeContainers(
        docker,
        (await containersOf(docker, plan)).filter((found) => names.has(found.name)),
      );
      await up(say);
    },

    down: async (_plan, { volumes }, say) => {
      await change(say, async (stack, watch) => {
        if (volumes) {
          // What the state protects is what an earlier configuration did; the plan is what counts now.
          if (!resourcesOf(plan, TYPES.volume).some(({ protect }) => protect)) await stack.unprotect();
          await stack.destroy([], watch);
          return;
        }
        const running = runningIn(await stack.exported());
        if (running.length > 0) await stack.destroy(running, watch);
      });
      await removeUnknown(docker, plan, new Set(), say);
      if (!volumes) return;
      await removeVolumes(docker, plan);
      await (await open()).remove();
    },
  };
}

interface TryArgs {
  readonly plan: Plan;
  readonly docker: Docker;
  readonly stack: StackHandle;
  readonly say: Say;
  /** Was an earlier operation of ours killed? */
  readonly killed: boolean;
}

/** Does work; clears locks and containers that killed updates left out of its way, and does it again. */
async function tryAgain(
  { plan, docker, stack, say, killed }: TryArgs,
  work: (watch: Watch) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const problems: Problem[] = [];
    const onEvent = (event: EngineEvent): void => {
      const problem = problemIn(event);
      if (problem !== undefined) problems.push(problem);
      const line = progressIn(event);
      if (line !== undefined) say(line);
    };
    try {
      return await work({ onEvent });
    } catch (error) {
      if (error instanceof Fault) throw error;
      const message = [messageOf(error), ...problems.map((problem) => problem.message)].join("\n");
      if (tries < TRIES && saysLocked(message)) {
        await endHolders(plan.stack, message, killed);
        say("taking away the lock of an update that is dead");
        await stack.cancel();
      } else if (tries < TRIES && saysNameTaken(message)) {
        await removeUnknown(docker, plan, idsIn(await stack.exported()), say);
      } else {
        throw pulumiFault(plan, error, problems);
      }
    }
  }
}

/** The container that an event is about to change, by its physical name. */
function alteredBy(plan: Plan, { resourcePreEvent }: EngineEvent): string | undefined {
  const step = resourcePreEvent?.metadata;
  if (step?.type !== TYPES.container || step.op === "same" || step.op === "refresh") return undefined;
  const container = servicesOf(plan).find(({ urn }) => urn === step.urn);
  return container === undefined ? undefined : containerName(container);
}

const DOING: { readonly [op: string]: string } = {
  create: "making",
  "create-replacement": "making",
  update: "changing",
  delete: "removing",
  "delete-replaced": "removing",
};

/** A line for who watches: what is being done to what can be seen. */
function progressIn({ resourcePreEvent }: EngineEvent): string | undefined {
  const step = resourcePreEvent?.metadata;
  const kind = /^docker:index\/(\w+):/.exec(step?.type ?? "")?.[1];
  const doing = DOING[step?.op ?? ""];
  return kind === undefined || doing === undefined
    ? undefined
    : `${doing} ${kind} ${step?.urn.split("::").at(-1) ?? ""}`;
}
