import type { PhaseVerdict } from "../../../plan/phase.ts";
import { platform } from "./platform.ts";

/** Every phase of a stack, as the gate decides it now. */
export async function gate(stack = "dev"): Promise<PhaseVerdict[]> {
  const { stdout } = await platform(["gate", "--json", "--stack", stack]);
  return (JSON.parse(stdout) as { phases: PhaseVerdict[] }).phases;
}

/** Status of each of these tasks. */
export async function statusOf(ids: readonly string[], stack = "dev"): Promise<Record<string, string>> {
  const tasks = (await gate(stack)).flatMap(({ tasks }) => tasks);
  return Object.fromEntries(ids.map((id) => [id, tasks.find((task) => task.id === id)?.status ?? "missing"]));
}
