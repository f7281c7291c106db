import { TYPES } from "../../plan/plan.ts";
import type { Row } from "./row.ts";
import { all, env, on, set, UNKNOWN, word, words } from "./world.ts";

const WORD = on("postgres", "command.1", UNKNOWN);
const LIMITS = "odoo_app=204 odoo_reporting=8";

/** What breaks each rule about PostgreSQL. */
export const POSTGRES_ROWS: readonly Row[] = [
  {
    rule: "postgres-speaks-tls-alone",
    breaks: [
      [words("postgres", "-c", "ssl=off"), "postgres: ssl is off"],
      [words("postgres", "--ssl-min-protocol-version=TLSv1.1"), "postgres: ssl_min_protocol_version is TLSv1.1"],
      [words("postgres", "-chba_file=/tmp/hba"), "postgres: hba_file is /tmp/hba"],
      [
        env("postgres", "POSTGRES_HOST_AUTH_METHOD", "trust"),
        "postgres: POSTGRES_HOST_AUTH_METHOD is set, and decides who needs no password",
      ],
    ],
    holds: [words("postgres", "-c", "ssl=on"), words("postgres", "-c", "ssl_min_protocol_version=TLSv1.3")],
    unknown: [WORD, "postgres"],
  },
  {
    rule: "postgres-keeps-scram",
    breaks: [[words("postgres", "-c", "password_encryption=md5"), "postgres: password_encryption is md5"]],
    holds: [words("postgres", "-c", "password_encryption=scram-sha-256")],
    unknown: [WORD, "postgres"],
  },
  {
    rule: "postgres-writes-durably",
    breaks: [
      [words("postgres", "-c", "fsync=off"), "postgres: fsync is off"],
      [words("postgres", "-c", "full_page_writes=false"), "postgres: full_page_writes is false"],
      [words("postgres", "-c", "synchronous_commit=local"), "postgres: synchronous_commit is local"],
    ],
    holds: [words("postgres", "-c", "synchronous_commit=remote_apply")],
    unknown: [WORD, "postgres"],
  },
  {
    rule: "postgres-settings-are-reviewed",
    breaks: [
      [words("postgres", "-c", "allow_alter_system=on"), "postgres: allow_alter_system is on"],
      [words("postgres", "--config-file=/tmp/p.conf"), "postgres: config_file is /tmp/p.conf"],
    ],
    unknown: [WORD, "postgres"],
  },
  {
    rule: "postgres-is-on-internal-networks",
    breaks: [
      [
        on("postgres", "networksAdvanced.1", { name: "odoo-platform-prod-public" }),
        "postgres: network odoo-platform-prod-public is not internal",
      ],
      [on("postgres", "networksAdvanced.0.name", "other"), "postgres: network other is not internal"],
      [on("postgres", "ports", [{ internal: 5432 }]), "postgres: it publishes ports"],
    ],
    unknown: [set("data", TYPES.network, "internal", UNKNOWN), "postgres"],
  },
  {
    rule: "connections-fit",
    breaks: [
      [
        word("postgres", "max_connections=300", "max_connections=200"),
        "postgres: max_connections is 200, and 269 may be opened or kept",
      ],
      [
        env("odoo", "ODOO_DB_MAXCONN", "16"),
        "postgres: role odoo_app may open 204 connections, and Odoo's processes open 272",
        "postgres: max_connections is 300, and 337 may be opened or kept",
      ],
      [
        env("postgres-init", "CONNECTION_LIMITS", "odoo_app=204 superset=200"),
        "postgres: max_connections is 300, and 407 may be opened or kept",
      ],
      [
        word("postgres", "max_connections=300", "max_connections=all"),
        "postgres: the rule failed to run: max_connections must be a whole number; got all",
      ],
      [
        word("postgres", "superuser_reserved_connections=3", "x=3"),
        "postgres: the rule failed to run: superuser_reserved_connections must be a whole number; got nothing",
      ],
    ],
    holds: [env("postgres-init", "CONNECTION_LIMITS", "superset=20")],
    unknown: [on("odoo", "envs.0", UNKNOWN), "postgres"],
  },
  {
    rule: "roles-are-limited",
    breaks: [
      [env("postgres-init", "CONNECTION_LIMITS", undefined), "postgres-init: CONNECTION_LIMITS has no odoo_app"],
      [
        env("postgres-init", "CONNECTION_LIMITS", `${LIMITS} postgres=5`),
        "postgres-init: the superuser is among the roles",
      ],
      [env("postgres-init", "CONNECTION_LIMITS", "odoo_app=0"), "postgres-init: role odoo_app may open 0 connections"],
      [
        env("postgres-init", "CONNECTION_LIMITS", "odoo_app=-1"),
        "postgres-init: the rule failed to run: CONNECTION_LIMITS holds odoo_app=-1, which is no role=number",
      ],
    ],
    unknown: [on("postgres-init", "envs.0", UNKNOWN), "postgres-init"],
  },
  {
    rule: "databases-are-made-by-the-job",
    breaks: [[env("postgres-init", "ODOO_CREATEDB", "true"), "postgres-init: ODOO_CREATEDB is true in production"]],
    holds: [all(env("postgres-init", "ODOO_CREATEDB", "true"), set("policies", TYPES.terms, "stage", "development"))],
    unknown: [on("postgres-init", "envs.0", UNKNOWN), "postgres-init"],
  },
  {
    rule: "postgres-leaves-memory-to-queries",
    breaks: [
      [
        word("postgres", "shared_buffers=4096MB", "shared_buffers=12GB"),
        "postgres: shared_buffers is 12288 MB of 16384",
      ],
      [
        word("postgres", "shared_buffers=4096MB", "shared_buffers=lots"),
        "postgres: the rule failed to run: shared_buffers must be a number of MB or GB",
      ],
      [
        word("postgres", "shared_buffers=4096MB", "x=1"),
        "postgres: the rule failed to run: shared_buffers must be a number of MB or GB",
      ],
    ],
    unknown: [on("postgres", "memory", UNKNOWN), "postgres"],
  },
  {
    rule: "idle-transactions-end",
    breaks: [
      [
        word("postgres", "idle_in_transaction_session_timeout=1h", "idle_in_transaction_session_timeout=0"),
        "postgres: idle_in_transaction_session_timeout is 0",
      ],
      [
        word("postgres", "idle_in_transaction_session_timeout=1h", "x=1"),
        "postgres: idle_in_transaction_session_timeout is 0",
      ],
    ],
    unknown: [WORD, "postgres"],
  },
  {
    rule: "postgres-stops-with-a-checkpoint",
    breaks: [
      [on("postgres", "stopSignal", undefined), "postgres: stopSignal is SIGTERM"],
      [on("postgres", "stopTimeout", 10), "postgres: stopTimeout is 10"],
    ],
    unknown: [on("postgres", "stopSignal", UNKNOWN), "postgres"],
  },
  {
    rule: "postgres-data-is-on-a-volume",
    breaks: [
      [on("postgres", "volumes", []), "postgres: nothing is mounted at /var/lib/postgresql"],
      [on("postgres", "volumes.0.readOnly", true), "postgres: it is read-only"],
    ],
    unknown: [on("postgres", "volumes", UNKNOWN), "postgres"],
  },
];
