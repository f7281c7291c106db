import type Docker from "dockerode";

import type { ExecArgs, ExecResult } from "../engine/docker.ts";
import type { Evidence } from "../gates/evidence.ts";
import type { SystemSettings } from "../gates/facts.ts";
import type { Task } from "../gates/task.ts";
import type { Plan } from "../plan/plan.ts";

/** Any JSON value; never a secret. */
export type Json = Evidence["measured"];

/** What a probe found. */
export interface Measurement {
  /** Does the claim of the task hold? */
  readonly holds: boolean;
  readonly measured: Json;
  /** What is allowed, to be read beside `measured`. */
  readonly limit: Json;
  /** One sentence: what was seen; where the claim doesn't hold, what is wrong. */
  readonly detail: string;
  /** Services to make anew, where this measurement knows it better than the probe. @default the probe's */
  readonly mends?: readonly string[];
}

/** What a probe may look at. */
export interface ProbeContext {
  /** Folder of the project. */
  readonly root: string;
  readonly stack: string;
  readonly plan: Plan;
  /** What the components of the plan decided. */
  readonly settings: SystemSettings;
  readonly docker: Docker;
  /** The time that evidence is dated with. */
  readonly now: Date;
  /** Runs a command in the running container of a service; see `execIn`. */
  readonly exec: (service: string, command: readonly string[], args?: ExecArgs) => Promise<ExecResult>;
  /**
   * The value of a generated secret, read from a container that was given it: the same with every engine. Whatever was
   * read here is refused in evidence.
   */
  readonly secret: (service: string, name: string) => Promise<string>;
}

/** One live check. It exercises what its task claims; that something exists is never enough. */
export interface Probe {
  readonly task: Task["id"];
  /** Days for which its evidence counts. */
  readonly ttlDays: number;
  /** What must be there for it to run: the running stack, a Docker Engine, or the project's files alone. */
  readonly needs: "system" | "machine" | "repository";
  /** Takes half a second at most and finds drift: measured at every `up`. @default false */
  readonly quick?: boolean;
  /** Changes what runs, or runs other verbs: only on demand, alone, after all others. @default false */
  readonly onDemand?: boolean;
  /** Longest that it may take. @default 60, or 1800 on demand */
  readonly timeoutSeconds?: number;
  /** Services that `up` makes anew, or runs again, when the claim doesn't hold. @default none */
  readonly mends?: readonly string[];
  readonly measure: (context: ProbeContext) => Promise<Measurement>;
}

/** A measurement from a list of faults: it holds when there is none. */
export function fromFaults(
  faults: readonly string[],
  { measured, limit, held }: { measured: Json; limit: Json; held: string },
): Measurement {
  return { holds: faults.length === 0, measured, limit, detail: faults.length === 0 ? held : faults.join("; ") };
}
