import { PHASES } from "../../plan/phase.ts";
import { TYPES } from "../../plan/plan.ts";
import type { Row } from "./row.ts";
import { all, change, on, plus, set, UNKNOWN, without } from "./world.ts";

const STACK = "odoo-platform-prod";
const stage = (value: string | undefined) => set("policies", TYPES.terms, "stage", value);
const phase = (number: number, way: string, value: Parameters<typeof set>[3]) =>
  set(`phase${number}`, TYPES.phase, way, value);
const excuse = (changes: { [key: string]: string }) =>
  set("policies", TYPES.terms, "exceptions", [
    {
      rule: "logs-are-rotated",
      resource: "edge",
      reason: "the host's collector rotates them",
      until: "2026-01-02",
      ...changes,
    },
  ]);
const said = (flaw: string, rule = "logs-are-rotated", resource = "edge") =>
  `policies: the exception from ${rule} for ${resource}: ${flaw}`;

/** In staging, with nothing but Odoo on the way out of production. */
const staged = all(stage("staging"), on("alertmanager", "networksAdvanced", [{ name: `${STACK}-monitoring` }]));

/** What breaks each rule about the stack as a whole. */
export const STACK_ROWS: readonly Row[] = [
  {
    rule: "ways-out-are-named",
    breaks: [
      [set("data", TYPES.network, "internal", false), "data: it has a way out, and is none of public, egress, vault"],
      [
        on("postgres", "networksAdvanced.0.name", `${STACK}-public`),
        "public: it has a way out for edge, and postgres is on it",
      ],
      [
        on("edge", "networksAdvanced.2.name", `${STACK}-egress`),
        "egress: it has a way out for odoo, alertmanager, sign-on, and edge is on it",
        "public: it has a way out, and nobody is on it",
      ],
    ],
    holds: [set("public", TYPES.network, "internal", true)],
    unknown: [set("data", TYPES.network, "internal", UNKNOWN), "data"],
  },
  {
    rule: "internal-networks-hide-the-host",
    breaks: [
      [set("data", TYPES.network, "options", undefined), "data: its bridge has an address of the host"],
      [
        set("edge", TYPES.network, "options", { "com.docker.network.bridge.inhibit_ipv4": "false" }),
        "edge: its bridge has an address of the host",
      ],
    ],
    unknown: [set("data", TYPES.network, "options", UNKNOWN), "data"],
  },
  {
    rule: "staging-has-no-way-out",
    breaks: [
      [staged, `odoo: network ${STACK}-egress has a way out`],
      [all(staged, on("odoo", "networksAdvanced", [{ name: "other" }])), "odoo: network other has a way out"],
      [
        all(staged, set("data", TYPES.network, "internal", false), on("odoo", "networksAdvanced", [])),
        `postgres: network ${STACK}-data has a way out`,
        `postgres-exporter: network ${STACK}-data has a way out`,
        `sql-exporter: network ${STACK}-data has a way out`,
        `odoo-init: network ${STACK}-data has a way out`,
      ],
    ],
    holds: [all(staged, on("odoo", "networksAdvanced", [{ name: `${STACK}-edge` }]))],
    unknown: [all(staged, set("egress", TYPES.network, "internal", UNKNOWN)), "odoo"],
  },
  {
    rule: "names-carry-project-and-stack",
    breaks: [
      [on("odoo", "name", "odoo"), "odoo: it is named odoo, without odoo-platform-prod-"],
      [set("data", TYPES.network, "name", undefined), "data: it is named by chance, without odoo-platform-prod-"],
    ],
    unknown: [on("odoo", "name", UNKNOWN), "odoo"],
  },
  {
    rule: "production-data-is-protected",
    breaks: [
      [
        change("postgres-data", TYPES.volume, (volume) => ({ ...volume, protect: false })),
        "postgres-data: it holds data and is not protected",
      ],
    ],
    holds: [
      all(
        stage("staging"),
        change("postgres-data", TYPES.volume, (volume) => ({ ...volume, protect: false })),
      ),
    ],
    unknown: [set("postgres-run", TYPES.volume, "name", UNKNOWN), "postgres-run"],
  },
  {
    rule: "generated-secrets-are-long",
    breaks: [
      [set("backup-password", TYPES.password, "length", 8), "backup-password: length is 8"],
      [set("backup-password", TYPES.password, "length", undefined), "backup-password: length is 0"],
    ],
    unknown: [set("backup-password", TYPES.password, "length", UNKNOWN), "backup-password"],
  },
  {
    rule: "only-production-is-on-the-network",
    breaks: [
      [
        stage("staging"),
        "edge: a port is published on 0.0.0.0 in staging",
        "edge: a port is published on 0.0.0.0 in staging",
      ],
      [
        all(stage("development"), on("edge", "ports", [{ internal: 443 }])),
        "edge: a port is published on every address in development",
      ],
    ],
    holds: [all(stage("staging"), on("edge", "ports", [{ internal: 443, ip: "127.0.0.1" }]))],
    unknown: [all(stage("staging"), on("edge", "ports", UNKNOWN)), "edge"],
  },
  {
    rule: "the-stack-says-what-it-asks",
    breaks: [
      [without("policies", TYPES.terms), `${STACK}: it is registered 0 times`],
      [plus(TYPES.terms, "again", { stage: "production" }), `${STACK}: it is registered 2 times`],
      [stage("demo"), `${STACK}: stage is demo`],
      [stage(undefined), `${STACK}: stage is not set`],
    ],
    unknown: [set("policies", TYPES.terms, "stage", UNKNOWN), STACK],
  },
  {
    rule: "exceptions-are-in-order",
    breaks: [
      [excuse({ rule: "no-such-rule" }), said("there is no rule no-such-rule", "no-such-rule")],
      [excuse({ rule: "" }), said("there is no rule without a name", "")],
      [excuse({ resource: "nobody" }), said("there is no resource nobody", "logs-are-rotated", "nobody")],
      [excuse({ reason: "  " }), said('its reason must be a sentence; got "  "')],
      [excuse({ until: "2026-01-01" }), said("it ended with 2026-01-01")],
      [excuse({ until: "soon" }), said("until must be a day, YYYY-MM-DD; got soon")],
      [excuse({ until: "2026-13-01" }), said("until must be a day, YYYY-MM-DD; got 2026-13-01")],
      [
        excuse({ rule: "exceptions-are-in-order", resource: "policies" }),
        said("it can't excuse itself", "exceptions-are-in-order", "policies"),
      ],
      [
        set("policies", TYPES.terms, "exceptions", [{}]),
        "policies: the exception from  for : there is no rule without a name",
      ],
      [set("policies", TYPES.terms, "exceptions", "all"), "policies: the rule failed to run: exceptions is no list"],
    ],
    // The last day counts to its end.
    holds: [excuse({})],
    unknown: [set("policies", TYPES.terms, "exceptions", UNKNOWN), "policies"],
  },
  {
    rule: "phases-are-exported",
    breaks: [
      [without("phase3", TYPES.phase), `${STACK}: phase 3 (${PHASES[3]}) is registered 0 times`],
      [plus(TYPES.phase, "again", { phase: 3 }), `${STACK}: phase 3 (${PHASES[3]}) is registered 2 times`],
      [
        phase(4, "tasks", []),
        `${STACK}: phase 4 has no tasks`,
        `${STACK}: phase 4 says 7 of 0 tasks`,
        `${STACK}: phase 4 says 7 tasks hold, and 0 do`,
      ],
      [phase(4, "total", undefined), `${STACK}: phase 4 says nothing of 7 tasks`],
      [phase(4, "passed", undefined), `${STACK}: phase 4 says nothing tasks hold, and 7 do`],
      [
        phase(4, "tasks.0.status", "NO-GO"),
        `${STACK}: phase 4 says 7 tasks hold, and 6 do`,
        `${STACK}: phase 4 says GO, and 1 of its tasks don't`,
      ],
    ],
    unknown: [phase(4, "verdict", UNKNOWN), STACK],
  },
  {
    rule: "required-phases-are-go",
    breaks: [
      [
        all(phase(5, "verdict", "PARTIAL"), phase(5, "tasks.0.status", "PENDING")),
        `${STACK}: phase 5 is PARTIAL (open: 5.1); the stack requires phase 5`,
      ],
      [
        all(
          phase(0, "verdict", "NO-GO"),
          ...[0, 1, 2, 3, 4, 5].map((place) => phase(0, `tasks.${place}.status`, "NO-GO")),
        ),
        `${STACK}: phase 0 is NO-GO (open: 0.1, 0.2, 0.3, 0.4 and 2 more); the stack requires phase 5`,
      ],
      [without("phase1", TYPES.phase), `${STACK}: phase 1 is not registered; the stack requires phase 5`],
      [phase(2, "verdict", undefined), `${STACK}: phase 2 is not registered; the stack requires phase 5`],
    ],
    holds: [
      phase(6, "verdict", "NO-GO"),
      all(phase(0, "verdict", "NO-GO"), set("policies", TYPES.terms, "requirePhase", undefined)),
    ],
    unknown: [phase(5, "verdict", UNKNOWN), STACK],
  },
];
