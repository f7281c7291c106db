import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { renderShellSite, settleShellSite } from "../components/shell-site.ts";
import { gateJsonSchema } from "../gates/report-schema.ts";
import { type Plan, resourcesOf, textOf, TYPES } from "../plan/plan.ts";
import { policiesDocument } from "../policies/reference.ts";
import { RULES } from "../policies/rules.ts";
import { type Inputs, ofNoMachine } from "../stacks/inputs.ts";
import { composeOverlay } from "./compose-overlay.ts";
import { renderCompose } from "./compose-render.ts";
import { Fault } from "./fault.ts";
import { claudeText } from "./pages/claude.ts";
import { goLiveText } from "./pages/go-live.ts";
import { llmsFullText, llmsText } from "./pages/llms.ts";
import { SPEC } from "./pages/master-plan.ts";
import type { Sources } from "./pages/page.ts";
import { publicFiles } from "./pages/public-files.ts";
import { withGateTable } from "./pages/readme.ts";
import { constitutionText, planText, prdText } from "./pages/spec.ts";
import { tasksLead, tasksText } from "./pages/tasks.ts";
import { topologySvg } from "./pages/topology.ts";
import { planStack } from "./stack-plan.ts";

/** First line of generated files that may have comments: where it comes from and how it is made anew. */
const NOTICE = "# Generated from the plan of stack %s by `npm run platform -- docs`; don't edit.\n";

/** As it is reviewed, and in the folder that the edge's image copies. */
const SHELL_SITE = "security/Caddyfile.shell";
const SHELL_SITE_OF_EDGE = "docker/edge/optional/shell/shell.caddy";
/** What docker-compose.yml lacks of the plan of dev: sign-on and the web shell. */
const SHELL_COMPOSE = "docker-compose.shell.yml";
/** Files that are made from the plans of dev and prod, and from what the sources declare, alone. */
const FROM_PLANS = [
  "docker-compose.yml",
  SHELL_COMPOSE,
  "deploy/docker-compose.prod.yml",
  ".env.example",
  "docs/POLICIES.md",
  "docs/gate.schema.json",
  "docs/topology.svg",
  SHELL_SITE,
  SHELL_SITE_OF_EDGE,
];

const TASKS_PAGE = `${SPEC}/tasks.md`;
/** Pages that are made from what other files say, in the order in which they are made. */
const PAGES: readonly (readonly [path: string, make: (sources: Sources, root: string) => string | Promise<string>])[] =
  [
    [`${SPEC}/constitution.md`, constitutionText],
    [`${SPEC}/prd.md`, prdText],
    [`${SPEC}/plan.md`, planText],
    ["docs/GO_LIVE_CHECKLIST.md", () => goLiveText()],
    ["CLAUDE.md", claudeText],
    ["llms.txt", llmsText],
    ["llms-full.txt", llmsFullText],
    // Last: a status depends on whether files changed since they were measured.
    [TASKS_PAGE, (sources, root) => tasksText(root, sources)],
  ];

/** Paths of all files that are generated whole; of the README only a table is. */
export const GENERATED: readonly string[] = [...FROM_PLANS, ...PAGES.map(([path]) => path)];

/**
 * Every generated file of the repository, by path: what is made from the plans, the README's table of gates, and the
 * pages. Facts of this machine and the clock are left out, so that every machine makes the same.
 *
 * @param measured ids of the tasks that probes measure.
 */
export async function generatedFiles(root: string, measured: readonly string[]): Promise<Record<string, string>> {
  const readme = readText(root, "README.md");
  if (readme === undefined) throw new Fault(`${root} has no README.md, which generated pages are made from`);
  const first = { ...(await planFiles(root)), "README.md": withGateTable(readme, measured) };
  return { ...first, ...(await generatedPages(root, first)) };
}

/** Files that are made from the plans alone: no other file can make them stale. */
export async function planFiles(root: string): Promise<Record<string, string>> {
  const neutral = (stack: string, change: (config: Inputs["config"]) => Inputs["config"] = (config) => config) =>
    planStack(stack, {
      root,
      override: (inputs) => ({ ...ofNoMachine(inputs), config: change(inputs.config) }),
    });
  const dev = await neutral("dev");
  const withoutPeople = compose(await neutral("dev", withoutSignOn), ".");
  const prod = await neutral("prod");
  const shellSite = renderShellSite(settleShellSite());
  return {
    "docker-compose.yml": withoutPeople,
    [SHELL_COMPOSE]: `${noticeOf(dev)}# For Compose together with docker-compose.yml: COMPOSE_FILE in .env.example names both.\n${composeOverlay(compose(dev, "."), withoutPeople)}`,
    "deploy/docker-compose.prod.yml": compose(prod, ".."),
    ".env.example": environmentTemplate(dev),
    "docs/POLICIES.md": policiesDocument(RULES),
    "docs/gate.schema.json": gateJsonSchema(),
    "docs/topology.svg": await topologySvg(prod),
    [SHELL_SITE]: shellSite,
    [SHELL_SITE_OF_EDGE]: shellSite,
  };
}

/**
 * Pages that are made from the project's files.
 *
 * @param fresh files that were generated before, and count instead of those on disk. @default none
 * @param only paths to make. @default all
 */
export async function generatedPages(
  root: string,
  fresh: { readonly [path: string]: string } = {},
  only: readonly string[] = PAGES.map(([path]) => path),
): Promise<Record<string, string>> {
  const made: Record<string, string> = { [TASKS_PAGE]: tasksLead(), ...fresh };
  const files = [...new Set([...(await publicFiles(root)), ...GENERATED])].sort();
  const sources: Sources = { files, read: (path) => made[path] ?? readText(root, path) ?? "" };
  const pages: Record<string, string> = {};
  for (const [path, make] of PAGES.filter(([path]) => only.includes(path)))
    pages[path] = made[path] = await make(sources, root);
  return pages;
}

/** A file of the project, or undefined. */
function readText(root: string, path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}

/** A configuration without what docker-compose.shell.yml adds. */
function withoutSignOn(config: Inputs["config"]): Inputs["config"] {
  const off = (key: string) => !/^[^:]+:(identity|shell)$/.test(key);
  return Object.fromEntries(Object.entries(config).filter(([key]) => off(key)));
}

function noticeOf(plan: Plan): string {
  return NOTICE.replace("%s", plan.stack);
}

function compose(plan: Plan, root: string): string {
  const text = renderCompose(plan, {
    secretsFolder: `\${SECRETS_DIR:-${root}/.platform/${plan.stack}/secrets}`,
    byHand: { root },
  });
  return noticeOf(plan) + text;
}

/** Every variable of docker-compose.yml, with its default. */
function environmentTemplate(plan: Plan): string {
  return [
    noticeOf(plan).trimEnd(),
    "# Variables of docker-compose.yml and docker-compose.shell.yml, each with the value that it has when unset. Copy to .env",
    "# and change what you need.",
    "# None is a secret: secrets are files, made once by scripts/make_secrets.sh.",
    "",
    "# What Compose reads: the system, and sign-on with the web shell. Without the second there is neither.",
    `COMPOSE_FILE=docker-compose.yml:${SHELL_COMPOSE}`,
    "",
    "# Folder with one file per secret.",
    `SECRETS_DIR=./.platform/${plan.stack}/secrets`,
    "",
    "# Images and the bases they are built from. Where no image registry is in reach, or the host has a CA of its own,",
    "# `npm run --silent platform -- images --env` builds them and prints the lines to put here.",
    ...imageVariables(plan),
    "",
  ].join("\n");
}

/** Bases and images of a plan, as lines of an .env file. */
export function imageVariables(plan: Plan): string[] {
  const images = resourcesOf(plan, TYPES.image);
  const args = new Map(
    images.flatMap(({ inputs }) => Object.entries((inputs["build"] as { args: { [name: string]: string } }).args)),
  );
  return [
    ...[...args].map(([name, value]) => `${name}=${value}`),
    ...images.map((image) => `${image.name.toUpperCase().replaceAll("-", "_")}_IMAGE=${textOf(image, "imageName")}`),
  ];
}
