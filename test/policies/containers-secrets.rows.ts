import type { Row } from "./row.ts";
import { env, on, UNKNOWN, words } from "./world.ts";

const KEY = "-----BEGIN PRIVATE KEY-----";

/** What breaks each rule about secrets. */
export const SECRET_ROWS: readonly Row[] = [
  {
    rule: "no-secret-in-an-environment",
    breaks: [
      [env("odoo", "ODOO_PASSWORD", "hunter2hunter2"), "odoo: ODOO_PASSWORD holds a secret, by its name"],
      [
        env("odoo", "DSN", "postgres://odoo:hunter2@postgres/odoo"),
        "odoo: DSN holds what looks like a key or a password",
      ],
      [env("odoo", "X", KEY), "odoo: X holds what looks like a key or a password"],
      [env("odoo", "X", "AKIAIOSFODNN7EXAMPLE"), "odoo: X holds what looks like a key or a password"],
      [on("odoo", "envs.0", { secret: "X=secret://odoo-db-password" }), "odoo: X is marked as a secret"],
      [on("postgres", "envs", { secret: ["X=secret://odoo-db-password"] }), "postgres: X is marked as a secret"],
    ],
    holds: [
      env("odoo", "DB_PASSWORD_FILE", "/run/secrets/odoo-db-password"),
      env("odoo", "PGPASSFILE", "/run/secrets/pgpass"),
      env("odoo", "PASSWORD_MIN_LENGTH", "12"),
      env("odoo", "TOKEN", ""),
    ],
    unknown: [on("odoo", "envs.0", UNKNOWN), "odoo"],
  },
  {
    rule: "no-secret-in-a-label",
    breaks: [
      [
        on("odoo", "labels.5", { label: "api_token", value: "abcdefabcdef" }),
        "odoo: label api_token holds a secret, by its name",
      ],
      [
        on("odoo", "labels.5", { label: "x", value: { secret: "secret://odoo-db-password" } }),
        "odoo: label x is marked as a secret",
      ],
      [
        on("odoo", "labels.5", { secret: { label: "x", value: "secret://odoo-db-password" } }),
        "odoo: label x is marked as a secret",
      ],
    ],
    unknown: [on("odoo", "labels.5", { label: "x", value: UNKNOWN }), "odoo"],
  },
  {
    rule: "no-secret-in-a-command",
    breaks: [
      [words("odoo", "--db-password=hunter2hunter2"), "odoo: command: --db-password holds a secret, by its name"],
      [words("odoo", "--token", "hunter2hunter2"), "odoo: command: --token holds a secret, by its name"],
      [
        words("odoo", "https://me:hunter2@example.com"),
        "odoo: command: a word holds what looks like a key or a password",
      ],
      [
        on("odoo", "healthcheck.tests.1", { secret: "secret://odoo-db-password" }),
        "odoo: healthcheck.tests: a word is marked as a secret",
      ],
      [
        on("odoo", "entrypoints", { secret: ["secret://odoo-db-password"] }),
        "odoo: entrypoints: a word is marked as a secret",
      ],
    ],
    holds: [words("odoo", "--db-password"), words("odoo", "--password-file=/run/secrets/x")],
    unknown: [on("odoo", "command.0", UNKNOWN), "odoo"],
  },
  {
    rule: "uploaded-secrets-are-marked",
    breaks: [
      [
        on("odoo-secrets", "uploads.0.content", "hunter2"),
        "odoo-secrets: /run/secrets/odoo-db-password is not marked as a secret",
      ],
    ],
    holds: [
      on("odoo-secrets", "uploads.2", { file: "/etc/motd", content: "hello" }),
      on("odoo-secrets", "uploads.0.content", { secret: UNKNOWN }),
    ],
    unknown: [on("odoo-secrets", "uploads.0.content", UNKNOWN), "odoo-secrets"],
  },
];
