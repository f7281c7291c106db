import type { Evidence } from "../../gates/evidence.ts";
import type { GateFacts, SystemSettings } from "../../gates/facts.ts";
import { gateFacts } from "../../gates/json.ts";
import { sealed } from "../../gates/seal.ts";
import type { Task } from "../../gates/task.ts";
import { COMMIT, planOf } from "../harness/plans.ts";
import { LAB } from "../harness/signer.ts";

export const NOW = new Date("2026-03-01T12:00:00Z");
export const PLAN_DIGEST = "a".repeat(64);

/** What the components of the dev stack decide. */
export async function devSettings(): Promise<SystemSettings> {
  return gateFacts(await planOf("dev")).settings;
}

/** A claim about the running stack. */
export function probeTask(id: Task["id"], changes: { files?: readonly string[] } = {}): Task {
  return {
    id,
    title: `Task ${id}`,
    owner: "DevOps",
    kind: "probe",
    must: "it holds",
    because: "it must",
    ...changes,
  };
}

/** A gate's own row. */
export function gateTask(id: Task["id"]): Task {
  const claim = { id, title: `Gate ${id}`, owner: "Platform", must: "all else is GO", because: "order" } as const;
  return { ...claim, kind: "plan", gate: true };
}

/** Evidence that counts at `NOW`, signed after the changes. */
export function evidenceOf(task: string, changes: Partial<Evidence> = {}, { key } = LAB): Evidence {
  const bare = {
    task,
    stack: "dev",
    holds: true,
    measured: 1,
    limit: 1,
    at: "2026-03-01T10:00:00.000Z",
    ttlDays: 7,
    commit: COMMIT,
    planDigest: PLAN_DIGEST,
    files: {},
    detail: `${task} was seen`,
    ...changes,
  };
  return sealed(bare, key);
}

/** Another task, to be decided by a person; with items, one by one. */
export function signOffTask(
  id: Task["id"],
  owner: Task["owner"] = "DevOps",
  items: readonly (readonly [id: string, owner: Task["owner"]])[] = [],
): Task {
  const claim = { title: `Decision ${id}`, must: "it is decided", because: "people decide" };
  return {
    ...claim,
    id,
    owner,
    kind: "sign-off",
    items: items.map(([item, itemOwner]) => ({ ...claim, id: item, owner: itemOwner, look: "there" })),
  };
}

/** Facts with this evidence; settings are what `devSettings` gives, or none where no check reads them. */
export function factsOf(evidence: readonly Evidence[], changes: Partial<GateFacts> = {}): GateFacts {
  return {
    stack: "dev",
    settings: {} as SystemSettings,
    planDigest: PLAN_DIGEST,
    files: {},
    evidence,
    signers: [LAB.signer],
    commit: COMMIT,
    ...changes,
  };
}
