import type { Rule } from "../rule.ts";
import { postgresRule, weakened } from "./postgres.ts";

/** What PostgreSQL confirms is on disk. */
export const durable: Rule = postgresRule({
  id: "postgres-writes-durably",
  level: "mandatory",
  must: "what PostgreSQL confirms is on disk",
  why: "after a power cut the books lack postings that people saw",
  fix: "take fsync, full_page_writes and synchronous_commit out of the command",
  sources: ["CIS PostgreSQL 17 6.6"],
  reads: "Container.command",
  findFaults: (container) =>
    weakened(container, {
      fsync: /^(off|false|no|0)$/i,
      full_page_writes: /^(off|false|no|0)$/i,
      synchronous_commit: /^(off|false|local)$/i,
    }),
});
