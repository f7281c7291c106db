import { environmentOf } from "../containers/container.ts";
import { type Rule, when } from "../rule.ts";
import { postgresRule, weakened } from "./postgres.ts";

/** Nothing turns PostgreSQL's TLS off, nor its checks of who may come. */
export const tlsOnly: Rule = postgresRule({
  id: "postgres-speaks-tls-alone",
  level: "mandatory",
  must: "nothing turns PostgreSQL's TLS off, nor its checks of who may come",
  why: "passwords and the company's books would cross the network in the open",
  fix: "take ssl, ssl_min_protocol_version and hba_file out of the command: docker/postgres/ decides them",
  sources: ["CIS PostgreSQL 17 6.8"],
  reads: "Container.command, envs: what wins over the files of the image",
  findFaults: (container) => [
    ...weakened(container, {
      ssl: /^(off|false|no|0)$/i,
      ssl_min_protocol_version: /^TLSv1(\.[012])?$/i,
      hba_file: /./,
    }),
    ...when(
      environmentOf(container).get("POSTGRES_HOST_AUTH_METHOD") !== undefined,
      "POSTGRES_HOST_AUTH_METHOD is set, and decides who needs no password",
    ),
  ],
});
