import type { PhaseVerdict } from "../../../plan/phase.ts";
import { platform } from "./platform.ts";

/** Every phase of dev, as the gate decides it now. */
export async function gate(): Promise<PhaseVerdict[]> {
  const { stdout } = await platform(["gate", "--json"]);
  return (JSON.parse(stdout) as { phases: PhaseVerdict[] }).phases;
}

/** Status of each of these tasks. */
export async function statusOf(ids: readonly string[]): Promise<Record<string, string>> {
  const tasks = (await gate()).flatMap(({ tasks }) => tasks);
  return Object.fromEntries(ids.map((id) => [id, tasks.find((task) => task.id === id)?.status ?? "missing"]));
}
