import { badge, minutes, pageText, text } from "../../gates/html.ts";
import { type Build, coverageOf } from "./build.ts";

/** Builds of a branch that the grid shows. */
const SHOWN = 12;

/** Address of what serves a commit, by commit. */
export type Served = ReadonlyMap<string, string>;

/** The grid: a row a branch, the newest build first, and each build a link to its own page, and to the preview of its commit. */
export function gridPage(builds: readonly Build[], at: Date, served: Served = new Map()): string {
  const branches = [...new Set(builds.map(({ branch }) => branch))];
  return pageText("Builds", [
    `<header><h1>Builds</h1><p class="soft">As of <time datetime="${at.toISOString()}">${minutes(at.toISOString())}</time>; for programs: <a href="builds.json">builds.json</a>. A build is every module that a commit touches, on a clean database: green, yellow where something warned, red where a test failed.</p></header><main>`,
    ...(branches.length === 0
      ? [
          "<p>Nothing was built yet: <code>npm run platform -- runbot build</code> builds the commit that is checked out.</p>",
        ]
      : branches.map((branch) => branchSection(branch, builds, served))),
    "</main>",
  ]);
}

function branchSection(branch: string, builds: readonly Build[], served: Served): string {
  const own = builds.filter((build) => build.branch === branch);
  const [newest] = own;
  const cells = own
    .slice(0, SHOWN)
    .map(
      (build) =>
        `<a href="${build.id}/" title="${text(`${build.subject} (${build.author}), ${minutes(build.startedAt)}`)}">${badge(build.status)} <code>${build.commit.slice(0, 8)}</code></a>`,
    );
  return [
    `<section><h2>${text(branch)}</h2>`,
    newest === undefined
      ? ""
      : `<p>${text(newest.subject)} <span class="soft">by ${text(newest.author)}</span>${linkTo(newest, served)}</p>`,
    `<p class="grid">${cells.join(" ")}</p></section>`,
  ].join("\n");
}

function linkTo({ commit }: Build, served: Served): string {
  const url = served.get(commit);
  return url === undefined ? "" : ` <a href="${text(url)}">Preview</a>`;
}

/** One build, with the end of Odoo's log of each module that is not green. */
export function buildPage(build: Build, logs: { readonly [module: string]: string }): string {
  const coverage = coverageOf(build.modules);
  return pageText(`Build ${build.commit.slice(0, 8)}: ${build.status}`, [
    `<header><p><a href="../">All builds</a></p><h1>${text(build.branch)} ${badge(build.status)}</h1>`,
    `<p>${text(build.subject)} <span class="soft">by ${text(build.author)}, commit <code>${build.commit}</code></span></p>`,
    `<p class="soft">Begun ${minutes(build.startedAt)}${durationOf(build)}${coverage === null ? "" : `; ${coverage} % of the modules' code ran`}.</p></header><main>`,
    `<p>${text(build.detail)}</p>`,
    ...(build.modules.length === 0 ? [] : [moduleTable(build)]),
    ...Object.entries(logs).map(
      ([module, log]) => `<section><h2>${text(module)}: end of Odoo's log</h2><pre>${text(log)}</pre></section>`,
    ),
    "</main>",
  ]);
}

function moduleTable({ modules }: Build): string {
  const rows = modules.map(
    ({ module, status, tests, coverage, seconds, detail }) =>
      `<tr><td>${badge(status)}</td><td>${text(module)}</td><td>${tests}</td><td>${coverage === null ? "" : `${coverage} %`}</td><td>${Math.round(seconds)} s</td><td>${text(detail)}</td></tr>`,
  );
  const head = ["", "Module", "Tests", "Coverage", "Time", "Seen"].map((name) => `<th>${name}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table><p><a href="junit.xml">As JUnit</a></p>`;
}

function durationOf({ startedAt, endedAt }: Build): string {
  if (endedAt === null) return "";
  return `, ended after ${Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s`;
}
