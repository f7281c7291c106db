import type { Readable } from "node:stream";

import type { Command } from "commander";

import { connectDocker, containerName, serviceOf, servicesOf } from "../engine/docker.ts";
import { Fault } from "../engine/fault.ts";
import { planStack } from "../engine/stack-plan.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

interface LogsOptions extends StackOptions {
  readonly follow?: boolean;
  readonly tail: string;
}

export function register(command: Command): void {
  withStack(command)
    .argument("<service>", "such as odoo, postgres, edge, odoo-init")
    .option("-f, --follow", "go on as new lines come")
    .option("-n, --tail <lines>", "how many of the last lines", "200")
    .addHelpText("after", "\nExample:\n  npm run platform -- logs odoo --follow")
    .action(async (service: string, { stack, follow = false, tail }: LogsOptions) => {
      const plan = await planStack(stack, { root: projectRoot() });
      const containers = servicesOf(plan);
      const container = containers.find((candidate) => serviceOf(candidate) === service);
      if (container === undefined) {
        throw new Fault(
          `Stack ${stack} has no service ${service}; it has ${containers.map(serviceOf).sort().join(", ")}.`,
        );
      }
      await print(containerName(container), tail, follow);
    });
}

async function print(container: string, tail: string, follow: boolean): Promise<void> {
  if (!/^\d+$/.test(tail)) throw new Fault(`--tail must be a whole number of lines; got ${tail}`);
  const docker = connectDocker();
  const args = { stdout: true, stderr: true, tail: Number(tail), timestamps: false };
  try {
    if (follow) {
      const stream = (await docker.getContainer(container).logs({ ...args, follow: true })) as unknown as Readable;
      docker.modem.demuxStream(stream, process.stdout, process.stderr);
      // Nobody reads any more: there is nothing left to follow.
      process.stdout.once("error", () => stream.destroy());
      await new Promise((resolve) => stream.once("close", resolve));
    } else {
      process.stdout.write(withoutFrames(await docker.getContainer(container).logs({ ...args, follow: false })));
    }
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) {
      throw new Fault(`There is no container ${container}; run \`npm run platform -- up\` first.`);
    }
    throw error;
  }
}

/** The Engine puts eight bytes before each piece of output: stream, and length in the last four. */
function withoutFrames(framed: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= framed.length;) {
    const length = framed.readUInt32BE(at + 4);
    pieces.push(framed.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString("utf8");
}
