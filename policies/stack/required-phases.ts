import { TYPES } from "../../plan/plan.ts";
import type { Subject } from "../subject.ts";
import { type Rule, when } from "../rule.ts";

/** Ids of the first tasks that are not GO. */
function openTasks(gate: Subject | undefined): string {
  const open = gate?.read("tasks").items.filter((task) => task.at("status").text !== "GO") ?? [];
  const ids = open.map((task) => task.at("id").text);
  if (ids.length === 0) return "";
  return ` (open: ${ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(", ")} and ${ids.length - SHOWN} more` : ids.join(", ")})`;
}

const SHOWN = 4;

/** Every phase that the stack requires is GO. */
export const requiredPhases: Rule = {
  id: "required-phases-are-go",
  level: "mandatory",
  must: "every phase that the stack requires is GO",
  why: "what nobody has proved is not deployed",
  fix: "mend what `npm run platform -- gate` lists; a first deployment, from which evidence is to come, needs an exception with an end",
  sources: [],
  reads: "Terms.requirePhase; Phase: phase, verdict, tasks",
  types: [TYPES.stack],
  findFaults: (_stack, look) => {
    const required = look.terms?.read("requirePhase").number;
    if (required === undefined) return [];
    const known = new Map(look.ofType(TYPES.phase).map((gate) => [gate.read("phase").number, gate]));
    return Array.from({ length: required + 1 }, (_, number) => number).flatMap((number) => {
      const gate = known.get(number);
      const verdict = gate?.read("verdict").text ?? "not registered";
      return when(
        verdict !== "GO",
        `phase ${number} is ${verdict}${openTasks(gate)}; the stack requires phase ${required}`,
      );
    });
  },
};
