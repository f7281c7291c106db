import { BUNDLE_TASK, findBundleFaults } from "../gates/bundle.ts";
import { gateFacts } from "../gates/json.ts";
import { signerOf } from "../gates/seal.ts";
import { TASKS } from "../gates/tasks.ts";
import { evidenceBranch, readBundle } from "./evidence-branch.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** Phase whose evidence the plan wants committed. */
const PHASE = 2;

/**
 * A bundle of this phase's evidence is in git: signed by a key that is admitted, of today's plan, with every task of the
 * phase, each of which holds. Committing changes the repository, so this is measured by `evidence commit`, or on demand.
 */
export const evidenceBundle: Probe = {
  task: BUNDLE_TASK,
  ttlDays: 30,
  needs: "repository",
  onDemand: true,
  measure: ({ root, stack, plan, now }) => {
    const facts = gateFacts(plan);
    const found = readBundle(root, stack, PHASE);
    const commit = `run \`npm run platform -- evidence commit --stack ${stack}\``;
    const faults =
      found === undefined
        ? [`branch ${evidenceBranch(stack)} holds no evidence of phase ${PHASE}`]
        : findBundleFaults(found.bundle, { tasks: TASKS[PHASE] ?? [], phase: PHASE, facts, now });
    const signer = found === undefined ? undefined : signerOf(found.bundle, facts.signers)?.name;
    const pieces = found?.bundle.evidence.length ?? 0;
    return Promise.resolve(
      fromFaults(faults.length === 0 ? [] : [...faults, commit], {
        measured: { commit: found?.commit ?? null, pieces, signer: signer ?? null },
        limit: `every task of phase ${PHASE}, signed, of today's plan`,
        held: `${pieces} pieces of evidence, signed by ${signer ?? "nobody"}, are in commit ${found?.commit.slice(0, 12) ?? ""} of branch ${evidenceBranch(stack)}`,
      }),
    );
  },
};
