import type { PhaseVerdict, TaskVerdict } from "../plan/phase.ts";
import { type Evidence, expiresAt } from "./evidence.ts";
import { badge, minutes, pageText, prose, text } from "./html.ts";
import type { GateReport } from "./report.ts";
import type { Task } from "./task.ts";

export interface StatusPage {
  readonly report: GateReport;
  /** What each task claims, and the harm when it doesn't hold. */
  readonly tasks: readonly Task[];
  readonly evidence: readonly Evidence[];
  /** Where what is reached by name. */
  readonly urls: { readonly [name: string]: string };
}

/** The status of a stack as one page: no script, nothing from elsewhere, readable on a phone and without colours. */
export function statusPage(page: StatusPage): string {
  const { report, urls } = page;
  const failed = report.phases.flatMap(({ tasks }) => tasks.filter(({ status }) => status === "NO-GO"));
  const title = `Stack ${report.stack}: ${report.verdict}`;
  return pageText(title, [
    `<header><h1>Stack ${text(report.stack)} ${badge(report.verdict)}</h1>`,
    `<p class="soft">Decided at <time datetime="${report.at}">${minutes(report.at)}</time>. This page does not change by itself: <code>npm run platform -- verify --stack ${text(report.stack)}</code> measures again.</p></header><main>`,
    ...failedSection(failed, page),
    "<section><h2>Phases</h2>",
    ...report.phases.map((phase) => phaseSection(phase, page)),
    "</section>",
    ...urlSection(urls),
    "</main>",
  ]);
}

function failedSection(failed: readonly TaskVerdict[], { tasks, report }: StatusPage): string[] {
  if (failed.length === 0) return ["<section><h2>What is wrong</h2>", "<p>No task failed.</p></section>"];
  return [
    "<section><h2>What is wrong</h2><ol>",
    ...failed.map((task) => {
      const because = tasks.find(({ id }) => id === task.id)?.because ?? "";
      return [
        `<li>${badge("NO-GO")} <h3>${text(`${task.id} ${task.title}`)}</h3><p>${prose(task.detail)}</p>`,
        ...mendOf(task, report.stack).map((mend) => `<p>${prose(mend)}</p>`),
        `<p class="soft">Why it matters: ${prose(because)}. Owner: ${text(task.owner)}.</p></li>`,
      ].join("\n");
    }),
    "</ol></section>",
  ];
}

/** What mends a task whose finding does not say it already. */
function mendOf({ id, kind, detail }: TaskVerdict, stack: string): string[] {
  if (detail.includes("`npm run")) return [];
  const again = `\`npm run platform -- verify --stack ${stack} --task ${id}\` measures again.`;
  if (kind === "artefact") return [`To mend it: correct the file; ${again}`];
  if (kind === "plan") return ["To mend it: change that setting."];
  if (kind === "sign-off") return ["To mend it: do what was missed, and have it decided again."];
  return [`To mend it: \`npm run platform -- up --stack ${stack}\` makes anew what was altered by hand; ${again}`];
}

/** A phase that holds is closed: what is open or failed is what a reader looks for. */
function phaseSection({ phase, title, verdict, passed, total, tasks }: PhaseVerdict, page: StatusPage): string {
  return [
    `<details${verdict === "GO" || verdict === "PENDING" ? "" : " open"}><summary>${badge(verdict)} <h3>${phase} ${text(title)}</h3> <span class="count">${passed} of ${total}</span></summary><ol>`,
    ...tasks.map((task) => taskItem(task, page)),
    "</ol></details>",
  ].join("\n");
}

function taskItem({ id, title, status, detail }: TaskVerdict, { tasks, evidence }: StatusPage): string {
  const must = tasks.find((task) => task.id === id)?.must ?? "";
  const piece = evidence.find((one) => one.task === id);
  const until =
    piece === undefined
      ? ""
      : ` Evidence of ${minutes(piece.at)} counts until ${minutes(new Date(expiresAt(piece)).toISOString())}.`;
  const found = status === "GO" && detail === must ? "" : `<p>${prose(detail)}</p>`;
  return `<li id="task-${id}">${badge(status)} <h3>${text(`${id} ${title}`)}</h3>${found}<p class="soft">What must hold: ${prose(must)}.${until}</p></li>`;
}

function urlSection(urls: StatusPage["urls"]): string[] {
  const entries = Object.entries(urls);
  if (entries.length === 0) return [];
  return [
    "<section><h2>Addresses</h2><ul>",
    ...entries.map(([name, url]) => `<li>${text(name)}: <a href="${text(url)}">${text(url)}</a></li>`),
    "</ul></section>",
  ];
}
