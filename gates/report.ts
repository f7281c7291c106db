import Table from "cli-table3";
import pc from "picocolors";
import type { z } from "zod";

import { cell } from "../plan/markdown.ts";
import type { PhaseStatus, PhaseVerdict, TaskVerdict } from "../plan/phase.ts";
import type { GateFacts } from "./facts.ts";
import type { gateReportSchema } from "./report-schema.ts";
import type { Task } from "./task.ts";
import { decide, overall } from "./verdict.ts";

/** The verdict on a stack up to a phase, at a time; its parts are described where its schema is. */
export type GateReport = Readonly<Omit<z.output<typeof gateReportSchema>, "phases">> & {
  readonly phases: readonly PhaseVerdict[];
};

/** Decides every phase up to one. */
export function gateReport(
  tasks: readonly (readonly Task[])[],
  facts: GateFacts,
  now: Date,
  phase?: number,
): GateReport {
  if (phase !== undefined && tasks[phase] === undefined)
    throw new Error(`there is no phase ${phase}; the plan has ${tasks.length} phases, from 0`);
  const all = decide(tasks, facts, now);
  const phases = phase === undefined ? all : all.slice(0, phase + 1);
  return {
    stack: facts.stack,
    at: now.toISOString(),
    upTo: phase ?? "all",
    verdict: overall(phases),
    phases,
  };
}

type Paint = (status: PhaseStatus, text?: string) => string;

function painter(colour: boolean): Paint {
  const { green, red, yellow, dim } = pc.createColors(colour);
  const colours = { GO: green, "NO-GO": red, PARTIAL: yellow, PENDING: dim };
  return (status, text = status) => colours[status](text);
}

/** The phases, one a line, and the verdict on all of them. */
export function phaseTable(
  phases: readonly PhaseVerdict[],
  verdict: PhaseStatus,
  colour = pc.isColorSupported,
): string {
  const paint = painter(colour);
  const rows = phases.map(({ phase, title, verdict: own, passed, total }) => [
    String(phase),
    title,
    paint(own),
    `${passed}/${total}`,
  ]);
  return columns([["Phase", "Title", "Verdict", "Tasks"], ...rows, ["", "Overall", paint(verdict), ""]]);
}

/** The report for a terminal: phases, then every task that is not GO, with what is missing. */
export function reportTable(report: GateReport, colour = pc.isColorSupported): string {
  const paint = painter(colour);
  const open = report.phases.flatMap(({ tasks }) => tasks).filter(({ status }) => status !== "GO");
  const lines = [`Stack ${report.stack}, ${report.at}`, "", phaseTable(report.phases, report.verdict, colour)];
  if (open.length > 0) {
    const rows = open.map(({ id, status, owner, title, detail }) => [id, paint(status), owner, `${title}: ${detail}`]);
    lines.push("", "Not GO", columns(rows));
  }
  return lines.join("\n");
}

/** Aligned columns without lines: they can be read, searched and pasted. */
export function columns(rows: readonly (readonly string[])[]): string {
  const none = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
  };
  const chars = { ...none, left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " };
  const table = new Table({
    chars,
    style: { "padding-left": 0, "padding-right": 0, compact: true, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The report for programs. */
export function reportJson(report: GateReport): string {
  return JSON.stringify(report, null, 2);
}

/** The report for continuous integration: a phase is a suite; NO-GO is a failure, PENDING is skipped. */
export function reportJunit(report: GateReport): string {
  const count = (tasks: readonly TaskVerdict[], status: string) =>
    tasks.filter((task) => task.status === status).length;
  const suites = report.phases.map(({ phase, title, tasks }) => {
    const counts = `tests="${tasks.length}" failures="${count(tasks, "NO-GO")}" errors="0" skipped="${count(tasks, "PENDING")}"`;
    return [
      `  <testsuite name="${xml(`Phase ${phase}: ${title}`)}" ${counts} timestamp="${report.at}">`,
      ...tasks.map(testCase),
      "  </testsuite>",
    ].join("\n");
  });
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="${xml(`gate of ${report.stack}`)}">`,
    ...suites,
    "</testsuites>",
  ].join("\n");
}

function testCase({ id, title, kind, status, detail }: TaskVerdict): string {
  const open = `    <testcase name="${xml(`${id} ${title}`)}" classname="${kind}"`;
  if (status === "GO") return `${open}/>`;
  const inner = status === "NO-GO" ? `<failure message="${xml(detail)}"/>` : `<skipped message="${xml(detail)}"/>`;
  return `${open}>${inner}</testcase>`;
}

/** A text as an XML attribute's value; characters that XML 1.0 can't hold become a question mark. */
function xml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
    "\t": "&#9;",
  };
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, "?")
    .replace(/[&<>"\n\t]/g, (character) => entities[character] ?? "?");
}

/** The report for a pull request or a page. */
export function reportMarkdown(report: GateReport): string {
  const phases = report.phases.map(
    ({ phase, title, verdict, passed, total }) => `| ${phase} | ${cell(title)} | ${verdict} | ${passed}/${total} |`,
  );
  const tasks = report.phases.flatMap(({ phase, title, tasks }) => [
    "",
    `### Phase ${phase}: ${title}`,
    "",
    "| Task | Title | Owner | Status | Finding |",
    "|---|---|---|---|---|",
    ...tasks.map(
      (task) => `| ${task.id} | ${cell(task.title)} | ${task.owner} | ${task.status} | ${cell(task.detail)} |`,
    ),
  ]);
  return [
    `## Gate of stack ${report.stack}: ${report.verdict}`,
    "",
    `Decided at ${report.at}.`,
    "",
    "| Phase | Title | Verdict | Tasks |",
    "|---|---|---|---|",
    ...phases,
    ...tasks,
  ].join("\n");
}
