import { PHASES } from "../../plan/phase.ts";
import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** Every phase of the master plan is registered once, with a verdict that its tasks bear out. */
export const phasesExported: Rule = {
  id: "phases-are-exported",
  level: "mandatory",
  must: "every phase of the master plan is registered once, with a verdict that its tasks bear out",
  why: "a phase that went missing can't be NO-GO",
  fix: "register every phase with components/phase-gate.ts, as stacks/program.ts does",
  sources: [],
  reads: "Phase: phase, verdict, passed, total, tasks",
  types: [TYPES.stack],
  findFaults: (_stack, look) =>
    PHASES.flatMap((title, number) => {
      const own = look.ofType(TYPES.phase).filter((gate) => gate.read("phase").number === number);
      const [gate] = own;
      if (gate === undefined || own.length > 1) return [`phase ${number} (${title}) is registered ${own.length} times`];
      const statuses = gate.read("tasks").items.map((task) => task.at("status").word);
      const passed = statuses.filter((status) => status === "GO").length;
      return [
        ...when(statuses.length === 0, `phase ${number} has no tasks`),
        ...when(
          gate.read("total").number !== statuses.length,
          `phase ${number} says ${gate.read("total").number ?? "nothing"} of ${statuses.length} tasks`,
        ),
        ...when(
          gate.read("passed").number !== passed,
          `phase ${number} says ${gate.read("passed").number ?? "nothing"} tasks hold, and ${passed} do`,
        ),
        ...when(
          gate.read("verdict").text === "GO" && passed < statuses.length,
          `phase ${number} says GO, and ${statuses.length - passed} of its tasks don't`,
        ),
      ];
    }),
};
