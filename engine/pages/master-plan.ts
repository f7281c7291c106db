/** Folder of the master plan's pages. */
export const SPEC = "spec/odoo-ce-devops-master-plan";

/**
 * What the master plan names as the evidence of a row, by task: a file's path, which stays where the plan says it is, or
 * a fact. Rows that are not here name nothing but their gate.
 */
export const NAMED: { readonly [task: string]: string } = {
  "0.1": "spec/",
  "0.2": "llms.txt",
  "0.3": "llms-full.txt",
  "0.4": ".github/workflows/llms-txt-check.yml",
  "0.5": ".github/workflows/ci-runbot.yml",
  "0.6": ".github/workflows/docs-drift-gate.yml",
  "0.7": "scripts/check_odoosh_parity.ts",
  "0.8": "CLAUDE.md",
  "1.1": "docker-compose.yml",
  "1.2": "deploy/docker-compose.prod.yml",
  "1.3": "docker/Dockerfile.ce19",
  "1.4": "scripts/backup/full_backup.sh",
  "1.5": "scripts/backup/restore_test.sh",
  "1.6": "security/Caddyfile.shell",
  "1.7": "security/WEB_SHELL_THREAT_MODEL.md",
  "1.8": "docs/DR_RUNBOOK.md",
  "2.1": "docs/DB_INIT_RUNBOOK.md",
  "2.2": ".env.example",
  "3.1": "oca.lock.json",
  "3.4": ".github/workflows/ci-odoo-ce.yml",
  "3.5": "ee_parity_mapping.yml",
  "4.1": ".github/workflows/branch-promotion.yml",
  "4.2": ".github/workflows/ci-runbot.yml",
  "4.3": "scripts/backup/",
  "4.4": "docker-compose.shell.yml",
  "6.2": "docs/GO_LIVE_CHECKLIST.md",
};

/** What a phase is for, in a sentence. */
export const AIMS: readonly string[] = [
  "What people and tools read before they touch anything is there and true.",
  "What would run, can run by hand, and can be brought back.",
  "The server, its roles and Odoo's schema are as they must be before a user comes.",
  "What Odoo Enterprise sells is had from Odoo Community, OCA and services, or named as a gap.",
  "Branches, builds, backups and a shell work as developers know them from Odoo.sh.",
  "Business intelligence, assistants, monitoring and drills run.",
  "The decision to go live is made by people, on proof.",
  "Alerts, playbooks and reviews keep what was reached.",
];

/** A rule that no change may break, and the file that enforces it. */
export interface Article {
  readonly title: string;
  readonly text: string;
  /** A file of the project, which fails when the rule is broken. */
  readonly enforcedBy: string;
}

/** The constitution: what a plan, a review and a gate can rely on. */
export const ARTICLES: readonly Article[] = [
  {
    title: "Nothing is ticked",
    text: "A status is decided by a machine from what was measured, or by a person's signature; no file holds one that was typed. A check that can't fail is a defect, and one that throws is NO-GO.",
    enforcedBy: "test/gates/verdict.test.ts",
  },
  {
    title: "Evidence has an end",
    text: "What was measured counts for the plan and the files it was taken from, and for as many days as it says. Evidence that is stale, of another stack or from the future is NO-GO.",
    enforcedBy: "test/gates/evidence.test.ts",
  },
  {
    title: "One program",
    text: "Everything that runs is registered by one program, evaluated without credentials, plugins or network. Both engines bring about the same plan; nothing is created that a preview can't see.",
    enforcedBy: "test/engine/compose-parity.test.ts",
  },
  {
    title: "Secrets stay secret",
    text: "No secret is in configuration, environment, labels, command lines, logs, outputs, evidence or git. A measurement that holds one is thrown away.",
    enforcedBy: "test/probes/run.test.ts",
  },
  {
    title: "Containers can do little",
    text: "Every container runs as a numeric user on a read-only root, without capabilities, with limits; only the edge publishes ports.",
    enforcedBy: "test/stacks/hardening.test.ts",
  },
  {
    title: "Imports run one way",
    text: "A folder imports from those below it only, and components read neither files nor clocks: equal inputs give equal plans.",
    enforcedBy: "eslint.config.mjs",
  },
  {
    title: "Generated files are never edited",
    text: "What can be derived is derived: Compose files, templates, maps, statuses and pictures are made from the plan and the sources, and a difference fails.",
    enforcedBy: "test/engine/generated.test.ts",
  },
  {
    title: "A fault is a sentence",
    text: "An error says what is wrong, the value, what is allowed and the command that mends it. All faults of a configuration are told at once, before anything is touched.",
    enforcedBy: "test/stacks/config.test.ts",
  },
];
