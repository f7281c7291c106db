import type { Task } from "../../gates/task.ts";
import { TASKS } from "../../gates/tasks.ts";
import { PHASES } from "../../plan/phase.ts";
import { Fault } from "../fault.ts";
import { cellOf, leadOf, sectionOf } from "./markdown.ts";
import { AIMS, ARTICLES, NAMED, SPEC } from "./master-plan.ts";
import { PAGE_NOTICE, type Sources } from "./page.ts";

const UP = SPEC.split("/")
  .map(() => "..")
  .join("/");

/** The constitution of the master plan: rules that no change may break, each with the file that enforces it. */
export function constitutionText({ files }: Sources): string {
  const gone = ARTICLES.filter(({ enforcedBy }) => !files.includes(enforcedBy));
  if (gone.length > 0)
    throw new Fault(
      `The constitution names what is gone: ${gone.map(({ title, enforcedBy }) => `${enforcedBy} (${title})`).join(", ")}. Name what enforces it now, in engine/pages/master-plan.ts.`,
    );
  return page("Constitution", [
    "Rules that no change may break. Each names the file that fails when it is broken.",
    ...ARTICLES.flatMap(({ title, text, enforcedBy }, index) => [
      "",
      `## ${index + 1}. ${title}`,
      "",
      text,
      "",
      `Enforced by ${linkTo(enforcedBy)}.`,
    ]),
  ]);
}

/** What the product must do: every task's claim is a requirement, with the harm when it isn't met. */
export function prdText({ read }: Sources): string {
  return page("Product requirements", [
    "What must hold, phase by phase, and the harm when it doesn't. A requirement is met when its task is GO; statuses are in [tasks.md](tasks.md).",
    "",
    "## What it is",
    "",
    leadOf(read("README.md")),
    ...TASKS.flatMap((tasks, phase) => [
      "",
      `## Phase ${phase}: ${PHASES[phase] ?? ""}`,
      "",
      AIMS[phase] ?? "",
      "",
      "| Requirement | What must hold | Because |",
      "|---|---|---|",
      ...tasks.map(({ id, must, because }) => `| ${id} | ${cellOf(must)} | ${cellOf(because)} |`),
    ]),
  ]);
}

/** How the requirements are met: what decides each task, who answers for it, and the files that it speaks of. */
export function planText({ files, read }: Sources): string {
  return page("Plan", [
    "How each requirement is decided, who answers for it, and where the thing is. A phase is GO when all its tasks and all earlier phases are.",
    "",
    "## How it fits together",
    "",
    sectionOf("docs/ARCHITECTURE.md", read("docs/ARCHITECTURE.md"), "## One program, one plan"),
    "",
    `![What runs in production, and what may reach what](${UP}/docs/topology.svg)`,
    ...TASKS.flatMap((tasks, phase) => [
      "",
      `## Phase ${phase}: ${PHASES[phase] ?? ""}`,
      "",
      "| Task | Title | Owner | Decided by | The plan names |",
      "|---|---|---|---|---|",
      ...tasks.map(
        (task) =>
          `| ${task.id} | ${cellOf(task.title)} | ${task.owner} | ${decidedBy(task)} | ${named(task.id, files)} |`,
      ),
    ]),
  ]);
}

function decidedBy(task: Task): string {
  if ("gate" in task) return "every other task of the phase, and every phase before";
  const ways = {
    artefact: "exercising the file",
    probe: "measuring the running stack",
    plan: "what the components decided",
    "sign-off": "a person's signature",
  };
  return ways[task.kind];
}

/** What the plan names for a task: a link where it is there, its path where it isn't yet. */
export function named(task: string, files: readonly string[]): string {
  const path = NAMED[task];
  if (path === undefined) return "";
  const there = files.some((file) => file === path || (path.endsWith("/") && file.startsWith(path)));
  return there ? linkTo(path) : `\`${path}\` (not there yet)`;
}

/** A link from a page of the plan to a file of the project. */
export function linkTo(path: string): string {
  return `[${path}](${UP}/${path})`;
}

/** A page of the plan. */
export function page(title: string, lines: readonly string[]): string {
  return [`# Odoo CE DevOps Master Plan: ${title}`, "", PAGE_NOTICE, "", ...lines, ""].join("\n");
}
