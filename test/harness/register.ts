import { evaluate } from "../../engine/evaluate.ts";
import type { Plan } from "../../plan/plan.ts";
import { untraced } from "./untraced.ts";

/** What a piece of a program registers on its own, in a stack named `test`. */
export function register(program: () => unknown, preview = false): Promise<Plan> {
  const nothing = () => {
    program();
  };
  return untraced(() => evaluate({ project: "lab", stack: "test", preview, program: nothing }));
}
