import type { Rule } from "../rule.ts";
import { postgresRule, weakened } from "./postgres.ts";

/** Nothing makes PostgreSQL store passwords otherwise than as SCRAM verifiers. */
export const scramOnly: Rule = postgresRule({
  id: "postgres-keeps-scram",
  level: "mandatory",
  must: "nothing makes PostgreSQL store passwords otherwise than as SCRAM verifiers",
  why: "an md5 verifier is the password to whoever reads it",
  fix: "take password_encryption out of the command",
  sources: ["CIS PostgreSQL 17 6.5"],
  reads: "Container.command",
  findFaults: (container) => weakened(container, { password_encryption: /^(?!scram-sha-256$)/ }),
});
