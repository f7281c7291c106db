import { type Rule, when } from "../rule.ts";
import { isServer, postgresRule } from "./postgres.ts";

/** PostgreSQL is stopped with SIGINT, and has 30 seconds or more. */
export const fastStop: Rule = postgresRule({
  id: "postgres-stops-with-a-checkpoint",
  level: "mandatory",
  must: "PostgreSQL is stopped with SIGINT, and has 30 seconds or more",
  why: "SIGTERM waits for every client to leave, and the kill after it means recovery at the next start",
  fix: "set stopSignal to SIGINT and stopTimeout to 30 or more",
  sources: ["PostgreSQL 17 manual, 18.5"],
  reads: "Container.stopSignal, stopTimeout",
  findFaults: (container) => {
    if (!isServer(container)) return [];
    const [signal, seconds] = [container.read("stopSignal").text ?? "SIGTERM", container.read("stopTimeout").amount];
    return [
      ...when(signal !== "SIGINT", `stopSignal is ${signal}`),
      ...when(seconds < 30, `stopTimeout is ${seconds}`),
    ];
  },
});
