import { leadOf, sectionOf } from "./markdown.ts";
import { PAGE_NOTICE, type Sources } from "./page.ts";

/** CLAUDE.md: what an AI assistant must know before it changes this repository, taken from the pages that say it. */
export function claudeText({ read }: Sources): string {
  const readme = read("README.md");
  const architecture = read("docs/ARCHITECTURE.md");
  const { scripts = {} } = JSON.parse(read("package.json")) as { scripts?: { [name: string]: string } };
  return [
    "# CLAUDE.md",
    "",
    PAGE_NOTICE,
    "",
    "What an AI assistant must know before it changes this repository. The map of every file is in [llms.txt](llms.txt), everything that is documented in [llms-full.txt](llms-full.txt), the master plan with true statuses in [spec/odoo-ce-devops-master-plan/tasks.md](spec/odoo-ce-devops-master-plan/tasks.md).",
    "",
    "## What this is",
    "",
    leadOf(readme),
    "",
    "## Commands",
    "",
    "| `npm run …` | runs |",
    "|---|---|",
    ...Object.entries(scripts).map(([name, command]) => `| \`${name}\` | \`${command.replaceAll("|", "\\|")}\` |`),
    "",
    "One file of tests: `npx vitest run test/engine/evaluate.test.ts`. Tests mirror the sources: `test/<path>.test.ts`.",
    "",
    "## Verbs",
    "",
    sectionOf("README.md", readme, "## Verbs"),
    "",
    "## One program, one plan",
    "",
    sectionOf("docs/ARCHITECTURE.md", architecture, "## One program, one plan"),
    "",
    "## Rules that a reviewer looks for",
    "",
    sectionOf("docs/ARCHITECTURE.md", architecture, "## Rules that a reviewer looks for"),
    "",
    "## Before a commit",
    "",
    "1. `npm run platform -- docs` writes the generated files anew.",
    "2. `npm run check` is lint, types and tests.",
    "3. What an operator notices stands in CHANGELOG.md; a new verb or dependency in README.md.",
    "",
    "## Map of the tree",
    "",
    sectionOf("README.md", readme, "## Map of the tree"),
    "",
  ].join("\n");
}
