import { TYPES } from "../../plan/plan.ts";
import type { Row } from "./row.ts";
import { all, env, on, set, UNKNOWN } from "./world.ts";

const LINE = on("odoo", "envs.0", UNKNOWN);

/** What breaks each rule about Odoo. */
export const ODOO_ROWS: readonly Row[] = [
  {
    rule: "odoo-hides-its-databases",
    breaks: [
      [env("odoo", "ODOO_LIST_DB", "True"), "odoo: ODOO_LIST_DB is True"],
      [env("odoo-init", "ODOO_LIST_DB", undefined), "odoo-init: ODOO_LIST_DB is not set"],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-serves-one-database",
    breaks: [
      [env("odoo", "ODOO_DB_NAME", "odoo,other"), "odoo: ODOO_DB_NAME is odoo,other, which is not one name"],
      [env("odoo", "ODOO_DB_NAME", undefined), "odoo: ODOO_DB_NAME is not set, which is not one name"],
      [env("odoo", "ODOO_DBFILTER", ".*"), "odoo: ODOO_DBFILTER is .*, which is not anchored"],
    ],
    holds: [env("odoo", "ODOO_DBFILTER", "^odoo$")],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-trusts-the-edge-alone",
    breaks: [
      [env("odoo", "ODOO_PROXY_MODE", "False"), "odoo: ODOO_PROXY_MODE is False"],
      [env("odoo", "ODOO_PROXY_MODE", undefined), "odoo: ODOO_PROXY_MODE is not set"],
      [on("odoo", "ports", [{ internal: 8069 }]), "odoo: it publishes ports, past the edge"],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-master-password-is-generated",
    breaks: [
      [on("odoo-secrets", "uploads", []), "odoo: no generated master password is put into a volume that it mounts"],
      [
        on("odoo-secrets", "uploads.1.content", { secret: "admin" }),
        "odoo: no generated master password is put into a volume that it mounts",
      ],
      [
        on("odoo-secrets", "uploads.1.content", "hunter2"),
        "odoo: no generated master password is put into a volume that it mounts",
      ],
      [env("odoo", "ODOO_ADMIN_PASSWD", "admin"), "odoo: the master password is in the environment"],
    ],
    unknown: [on("odoo-secrets", "uploads.1.content", { secret: UNKNOWN }), "odoo"],
  },
  {
    rule: "odoo-workers-fit-the-cpus",
    breaks: [
      [env("odoo", "ODOO_WORKERS", "0"), "odoo: ODOO_WORKERS is 0"],
      [env("odoo", "ODOO_WORKERS", "18"), "odoo: 18 workers are more than 17 for 8 cpus"],
      [
        env("odoo", "ODOO_WORKERS", "many"),
        "odoo: the rule failed to run: ODOO_WORKERS must be a whole number; got many",
      ],
    ],
    holds: [env("odoo", "ODOO_WORKERS", "17"), env("odoo-init", "ODOO_WORKERS", "18")],
    unknown: [on("odoo", "cpus", UNKNOWN), "odoo"],
  },
  {
    rule: "odoo-memory-fits-its-processes",
    breaks: [
      [on("odoo", "memory", 2048), "odoo: memory is 2048 MiB, and 5197 are needed"],
      [
        env("odoo", "ODOO_CRON_WORKERS", undefined),
        "odoo: the rule failed to run: ODOO_CRON_WORKERS must be a whole number; got nothing",
      ],
    ],
    unknown: [on("odoo", "memory", UNKNOWN), "odoo"],
  },
  {
    rule: "odoo-recycles-its-workers",
    breaks: [
      [
        env("odoo", "ODOO_LIMIT_MEMORY_SOFT", "1000000"),
        "odoo: the soft limit is 1000000 bytes, less than an idle worker has of virtual memory",
      ],
      [
        env("odoo", "ODOO_LIMIT_MEMORY_HARD", "2147483648"),
        "odoo: the hard limit 2147483648 is not above the soft one 2147483648",
      ],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-verifies-the-database",
    breaks: [
      [env("odoo", "ODOO_DB_SSLMODE", "prefer"), "odoo: ODOO_DB_SSLMODE is prefer"],
      [env("odoo", "ODOO_DB_SSLMODE", undefined), "odoo: ODOO_DB_SSLMODE is not set"],
      [env("odoo", "PGSSLROOTCERT", undefined), "odoo: PGSSLROOTCERT is not set"],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-is-no-superuser-of-the-database",
    breaks: [
      [env("odoo", "ODOO_DB_USER", "postgres"), "odoo: ODOO_DB_USER is postgres"],
      [env("odoo", "ODOO_DB_USER", undefined), "odoo: ODOO_DB_USER is not set"],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "demo-data-stays-in-development",
    breaks: [
      [env("odoo", "ODOO_DEMO", "True"), "odoo: ODOO_DEMO is True in production"],
      [env("odoo", "ODOO_DEMO", undefined), "odoo: ODOO_DEMO is not set in production"],
      [
        all(env("odoo", "ODOO_DEMO", "True"), set("policies", TYPES.terms, "stage", "staging")),
        "odoo: ODOO_DEMO is True in staging",
      ],
      // What the stack is for can't be told, so it is judged most strictly.
      [
        all(env("odoo", "ODOO_DEMO", "True"), set("policies", TYPES.terms, "stage", undefined)),
        "odoo: ODOO_DEMO is True in production",
      ],
    ],
    holds: [all(env("odoo", "ODOO_DEMO", "True"), set("policies", TYPES.terms, "stage", "development"))],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-links-are-https",
    breaks: [
      [env("odoo", "ODOO_BASE_URL", "http://odoo.example.com"), "odoo: ODOO_BASE_URL is http://odoo.example.com"],
      [env("odoo", "ODOO_BASE_URL", undefined), "odoo: ODOO_BASE_URL is not set"],
    ],
    unknown: [LINE, "odoo"],
  },
  {
    rule: "odoo-reaches-the-database-on-the-data-network",
    breaks: [
      [
        on("odoo", "networksAdvanced", [{ name: "odoo-platform-prod-edge" }]),
        "odoo: no internal network has both it and postgres on it",
      ],
      [
        set("data", TYPES.network, "internal", false),
        "odoo: no internal network has both it and postgres on it",
        "odoo-init: no internal network has both it and postgres on it",
      ],
      [env("odoo", "ODOO_DB_HOST", undefined), "odoo: no internal network has both it and not set on it"],
      [on("odoo", "networksAdvanced", [{ name: "other" }]), "odoo: no internal network has both it and postgres on it"],
    ],
    unknown: [LINE, "odoo"],
  },
];
