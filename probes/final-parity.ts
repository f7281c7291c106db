import type { EeScore } from "../gates/addons/ee-parity.ts";
import { gateFacts } from "../gates/json.ts";
import { beforeLaunch, ODOOSH_TARGET, odooshParity, type ParityScore } from "../gates/odoosh-parity.ts";
import { TASKS } from "../gates/tasks.ts";
import { decide } from "../gates/verdict.ts";
import { enterpriseScore, readMapping } from "./ee-mapping.ts";
import { fromFaults, type Measurement, type Probe } from "./probe.ts";

/** Missing features that are named; the rest is counted. */
const NAMED = 5;

/**
 * What users of Odoo.sh and of Enterprise would have here, by what was proved before: both scores reach their targets.
 * Features that only the launch can prove are left out. Measured once, before it; evidence of the same run comes too late.
 */
export const finalParity: Probe = {
  task: "6.1",
  ttlDays: 7,
  needs: "repository",
  onDemand: true,
  measure: ({ root, plan, now }) => {
    const facts = gateFacts(plan);
    const { target, faults } = readMapping(root);
    const odoosh = odooshParity(decide(TASKS, facts, now), beforeLaunch());
    const judged = judgeParity({ odoosh, enterprise: enterpriseScore(root, facts, now), target: target ?? 100 });
    return Promise.resolve(
      faults.length === 0 ? judged : { ...judged, holds: false, detail: [...faults, judged.detail].join("; ") },
    );
  },
};

interface Scores {
  readonly odoosh: Pick<ParityScore, "percent" | "missing">;
  readonly enterprise: Pick<EeScore, "percent">;
  /** Least score of Enterprise, in percent. */
  readonly target: number;
}

/** They hold when each reaches its target; otherwise the heaviest that is missing is named. */
export function judgeParity({ odoosh, enterprise, target }: Scores): Measurement {
  const named = odoosh.missing.slice(0, NAMED).map(({ name, reason }) => `${name} (${reason})`);
  const more = odoosh.missing.length - named.length;
  const faults = [
    ...(odoosh.percent >= ODOOSH_TARGET
      ? []
      : [
          `${odoosh.percent} % of Odoo.sh is proved, and ${ODOOSH_TARGET} % is wanted; missing: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
        ]),
    ...(enterprise.percent >= target
      ? []
      : [`${enterprise.percent} % of Enterprise is proved, and ${target} % is wanted`]),
  ];
  return fromFaults(faults, {
    measured: {
      odoosh: odoosh.percent,
      enterprise: enterprise.percent,
      missing: odoosh.missing.map(({ name }) => name),
    },
    limit: { odoosh: ODOOSH_TARGET, enterprise: target },
    held: `${odoosh.percent} % of Odoo.sh and ${enterprise.percent} % of Enterprise are proved, by weight`,
  });
}
