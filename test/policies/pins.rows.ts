import { TYPES } from "../../plan/plan.ts";
import type { Row } from "./row.ts";
import { on, set, UNKNOWN } from "./world.ts";

const DIGEST = `@sha256:${"0".repeat(64)}`;
const arg = (name: string, value: Parameters<typeof set>[3]) => set("edge", TYPES.image, `build.args.${name}`, value);

/** What breaks each rule about pinned versions. */
export const PIN_ROWS: readonly Row[] = [
  {
    rule: "versions-are-not-known-as-vulnerable",
    breaks: [
      [
        on("edge", "image", `docker.io/library/caddy:2.11.2${DIGEST}`),
        "edge: image pins caddy 2.11.2: CVE-2026-55458, see the advisory; mended in 2.11.5",
      ],
      [
        arg("CADDY_VERSION", "v2.11.4"),
        "edge: build argument CADDY_VERSION pins caddy 2.11.4: CVE-2026-55458, see the advisory; mended in 2.11.5",
      ],
      [
        arg("BASE", `ttyd:1.6.3-alpine${DIGEST}`),
        "edge: build argument BASE pins ttyd 1.6.3: CVE-2021-34182, a shell without a password, on every address; mended in 1.7.4",
      ],
      [
        on("postgres", "image", `postgres:17.5${DIGEST}`),
        "postgres: image pins postgres 17.5: CVE-2025-8715, a restored dump runs code; mended in 17.6",
      ],
      [
        arg("SUPERSET_VERSION", "2.0"),
        "edge: build argument SUPERSET_VERSION pins superset 2.0: CVE-2023-27524, the default key makes anybody an administrator; mended in 2.1.0",
      ],
      // What is no version can't be said to be safe.
      [arg("CADDY_VERSION", "latest"), "edge: the rule failed to run: latest is no version"],
      [arg("CADDY_VERSION", ""), "edge: the rule failed to run: nothing is no version"],
    ],
    holds: [
      arg("CADDY_VERSION", "v2.11.9"),
      arg("OAUTH2_PROXY_VERSION", "7.11.0"),
      on("postgres", "image", `postgres:17.6${DIGEST}`),
      on("postgres", "image", `postgres:18.0${DIGEST}`),
    ],
    unknown: [arg("CADDY_VERSION", UNKNOWN), "edge"],
  },
  {
    rule: "bases-are-named-by-their-content",
    breaks: [
      [arg("BASE", "debian:trixie-slim"), "edge: BASE is debian:trixie-slim"],
      [arg("BUILD_BASE", ""), "edge: BUILD_BASE is empty"],
      [arg("BASE", "other/base:0123456789ab"), "edge: BASE is other/base:0123456789ab"],
      [set("edge", TYPES.image, "build.args.BASE", null), "edge: BASE is empty"],
    ],
    holds: [arg("BASE", "odoo-platform/base:0123456789ab"), arg("OTHER", "x")],
    unknown: [arg("BASE", UNKNOWN), "edge"],
  },
  {
    rule: "known-products-state-their-version",
    breaks: [
      [on("edge", "image", `caddy${DIGEST}`), `edge: image is caddy${DIGEST}, without a version`],
      [arg("BASE", `odoo:stable${DIGEST}`), `edge: build argument BASE is odoo:stable${DIGEST}, without a version`],
    ],
    unknown: [on("edge", "image", UNKNOWN), "edge"],
  },
  {
    rule: "no-image-is-latest",
    breaks: [
      [on("edge", "image", "caddy:latest"), "edge: image is caddy:latest"],
      [on("edge", "image", "registry.example:5000/caddy"), "edge: image is registry.example:5000/caddy"],
      [arg("BASE", `debian:latest${DIGEST}`), `edge: build argument BASE is debian:latest${DIGEST}`],
    ],
    holds: [on("edge", "image", `registry.example:5000/caddy${DIGEST}`), on("edge", "image", undefined)],
    unknown: [arg("BASE", UNKNOWN), "edge"],
  },
];
