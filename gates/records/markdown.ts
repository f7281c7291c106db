import { cell } from "../../plan/markdown.ts";
import type { Lessons, Next, Review, Sla, StackRecord } from "./record.ts";

/** A record as a page for people. */
export function recordMarkdown(record: StackRecord): string {
  return `${pageOf(record).join("\n")}\n`;
}

function pageOf(record: StackRecord): string[] {
  switch (record.kind) {
    case "review":
      return review(record);
    case "next":
      return next(record);
    case "lessons":
      return lessons(record);
    case "sla":
      return sla(record);
  }
}

function sla({ stack, from, to, terms, outages, drilled }: Sla): string[] {
  const met = terms.every((term) => term.met);
  return [
    `# Service levels of stack ${stack}`,
    "",
    `From ${from} to ${to}. ${met ? "What was agreed is met." : "What was agreed is **not** met."}`,
    "",
    ...table(["Term", "Agreed", "Measured", "Met"], terms, ({ term, agreed, measured, met }) => [
      ...[term, agreed, measured, met ? "yes" : "no"],
    ]),
    ...(drilled === undefined ? [] : ["", `RPO and RTO are those of the worst region in the drill of ${drilled}.`]),
    ...section("Outages", ["From", "To"], outages, ({ from, to }) => [from, to]),
  ];
}

function review(record: Review): string[] {
  const { stack, at, from, to, phases, recovery, parity, exceptions, expiring, pins, actions } = record;
  const open = phases.flatMap((phase) => phase.open);
  return [
    `# Review of stack ${stack}, ${from} to ${to}`,
    "",
    `As measured at ${at}.`,
    ...section("Phases", ["Phase", "Title", "Verdict", "Tasks"], phases, ({ phase, title, verdict, passed, total }) => [
      ...[String(phase), title, verdict, `${passed}/${total}`],
    ]),
    ...section("Not GO", ["Task", "Status", "Finding"], open, ({ id, status, detail }) => [id, status, detail]),
    ...section("Recovery", ["Task", "Measured", "Holds", "Finding"], recovery, ({ task, at: when, holds, detail }) => [
      ...[task, when, holds ? "yes" : "no", detail],
    ]),
    "",
    "## Parity",
    "",
    `${parity.odoosh} % of Odoo.sh and ${parity.enterprise} % of Odoo Enterprise, by weight, are proved.`,
    ...section("Accepted until", ["Rule", "Resource", "Until", "Reason"], exceptions, (one) => [
      ...[one.rule, one.resource, one.until, one.reason],
    ]),
    ...section("Stops counting", ["Task", "Until"], expiring, ({ task, until }) => [task, until]),
    ...section("Open actions", ["Lesson", "Action", "Owner", "Due"], actions, (one) => [
      ...[one.id, one.what, one.owner, one.due],
    ]),
    ...section("Pins by age", ["Name", "Version", "Days unchanged"], pins, ({ name, version, days }) => [
      ...[name, version, String(days)],
    ]),
  ];
}

function next({ stack, at, items }: Next): string[] {
  return [
    `# Next iteration of stack ${stack}`,
    "",
    `Made at ${at}, of what is not as it should be.`,
    "",
    ...table(["From", "Id", "What", "Why", "Owner", "Until"], items, ({ from, id, what, why, owner, until = "" }) => [
      ...[from, id, what, why, owner, until],
    ]),
  ];
}

function lessons({ stack, lessons: all }: Lessons): string[] {
  return [
    `# Lessons of stack ${stack}`,
    "",
    ...table(["Lesson", "On", "What happened", "Why", "Action", "Owner", "Due", "Done"], all, (one) => [
      ...[one.id, one.on, one.what, one.why, one.action.what, one.action.owner, one.action.due],
      one.action.done === undefined ? "" : `${one.action.done.on}: ${one.action.done.how}`,
    ]),
  ];
}

function section<T>(
  title: string,
  head: readonly string[],
  rows: readonly T[],
  row: (one: T) => readonly string[],
): string[] {
  return ["", `## ${title}`, "", ...table(head, rows, row)];
}

function table<T>(head: readonly string[], rows: readonly T[], row: (one: T) => readonly string[]): string[] {
  if (rows.length === 0) return ["None."];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((one) => line(row(one).map(cell)))];
}
