import { type Rule, when } from "../rule.ts";
import { isServer, postgresRule, settingsOf } from "./postgres.ts";

/** Shared_buffers takes 40 % of the memory or less. */
export const memoryShare: Rule = postgresRule({
  id: "postgres-leaves-memory-to-queries",
  level: "mandatory",
  must: "shared_buffers takes 40 % of the memory or less",
  why: "what the cache takes, sorts and connections lack, and the kernel kills the server",
  fix: "lower shared_buffers, or raise postgres.memoryMiB",
  sources: ["PostgreSQL 17 manual, 19.4.1"],
  reads: "Container.command: shared_buffers; memory",
  findFaults: (container) => {
    if (!isServer(container)) return [];
    const [, size = "", unit = ""] = /^(\d+)(MB|GB)$/.exec(settingsOf(container).get("shared_buffers") ?? "") ?? [];
    if (size === "") throw new TypeError("shared_buffers must be a number of MB or GB");
    const [buffers, memory] = [Number(size) * (unit === "GB" ? 1024 : 1), container.read("memory").amount];
    return when(buffers > memory * 0.4, `shared_buffers is ${buffers} MB of ${memory}`);
  },
});
