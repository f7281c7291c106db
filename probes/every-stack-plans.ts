import { messageOf } from "../engine/fault.ts";
import { planStack, stacksOf } from "../engine/stack-plan.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** Every stack's program runs, twice: what a preview registers is what an update registers. */
export const everyStackPlans: Probe = {
  task: "0.11",
  ttlDays: 7,
  needs: "repository",
  measure: async ({ root }) => {
    const stacks = stacksOf(root);
    const found: { stack: string; resources: number; faults: string[] }[] = [];
    // One after the other: the program is evaluated once at a time in a process.
    for (const stack of stacks) found.push({ stack, ...(await planTwice(root, stack)) });
    return fromFaults(
      [...(stacks.length === 0 ? ["there is no Pulumi.<stack>.yaml"] : []), ...found.flatMap(({ faults }) => faults)],
      {
        measured: Object.fromEntries(found.map(({ stack, resources }) => [stack, resources])),
        limit: "a preview's resources equal an update's",
        held: `${stacks.join(", ")} plan, and register in a preview what they register in an update`,
      },
    );
  },
};

async function planTwice(root: string, stack: string): Promise<{ resources: number; faults: string[] }> {
  try {
    const update = await planStack(stack, { root });
    const preview = await planStack(stack, { root, preview: true });
    const urns = update.resources.map(({ urn }) => urn);
    return {
      resources: urns.length,
      faults: findPreviewFaults(
        stack,
        preview.resources.map(({ urn }) => urn),
        urns,
      ),
    };
  } catch (error) {
    return { resources: 0, faults: [`${stack}: ${messageOf(error)}`] };
  }
}

/** What one of the two registers and the other doesn't. */
export function findPreviewFaults(stack: string, preview: readonly string[], update: readonly string[]): string[] {
  const unseen = update.filter((urn) => !preview.includes(urn));
  const gone = preview.filter((urn) => !update.includes(urn));
  return [
    ...(update.length === 0 ? [`${stack} registers nothing`] : []),
    ...(unseen.length === 0 ? [] : [`${stack}: a preview does not show ${unseen.join(", ")}`]),
    ...(gone.length === 0 ? [] : [`${stack}: an update does not make ${gone.join(", ")}`]),
  ];
}
