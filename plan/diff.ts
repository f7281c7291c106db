import { canonicalJson, planDigest } from "./digest.ts";
import type { PhaseStatus, PhaseVerdict, TaskStatus } from "./phase.ts";
import { isSecret, type Plan, type PlannedResource, type PlanValue, TYPES } from "./plan.ts";
import { type Effect, effectOf, lossOf } from "./provider-facts.ts";

/** One input that differs. Values are JSON; a secret's is never shown. */
export interface InputChange {
  readonly input: string;
  readonly effect: Effect;
  /** What is gone and what is new: the items of lists and the entries of objects that differ, else the whole value. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface ChangedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly InputChange[];
  /** Is another one made in its place? `unknown` where only the provider can tell. */
  readonly replaced: "yes" | "no" | "unknown";
  /** What is lost; absent where nothing is. */
  readonly risk?: string;
  /** What kept its data safe before, and does no more. */
  readonly lost: readonly ("protect" | "retainOnDelete")[];
}

/** A resource that comes or goes. */
export interface OtherResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly risk?: string;
}

/** A task whose status differs. */
export interface TaskChange {
  readonly id: string;
  readonly title: string;
  readonly before: TaskStatus | "absent";
  readonly after: TaskStatus | "absent";
  readonly detail: string;
}

export interface PhaseChange {
  readonly phase: number;
  readonly title: string;
  readonly before: PhaseStatus | "absent";
  readonly after: PhaseStatus | "absent";
  readonly tasks: readonly TaskChange[];
}

/** What differs between two plans of a stack. */
export interface PlanDiff {
  readonly stack: string;
  readonly before: string;
  readonly after: string;
  readonly added: readonly OtherResource[];
  readonly changed: readonly ChangedResource[];
  readonly removed: readonly OtherResource[];
  readonly phases: readonly PhaseChange[];
}

/**
 * Compares two plans of one stack. Pure.
 *
 * Says what is asked for; whether a provider finds what runs as it was left, only a preview with credentials can tell.
 */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const [old, now] = [before, after].map((plan) => new Map(comparable(plan).map((one) => [one.urn, one])));
  const pairs = [...(now ?? [])].flatMap(([urn, to]) => {
    const from = old?.get(urn);
    return from === undefined ? [] : [changeOf(from, to)];
  });
  return {
    stack: after.stack,
    before: planDigest(before),
    after: planDigest(after),
    added: comparable(after)
      .filter(({ urn }) => old?.has(urn) !== true)
      .map(nameOf),
    changed: pairs.filter(({ inputs, lost }) => inputs.length > 0 || lost.length > 0),
    removed: comparable(before)
      .filter(({ urn }) => now?.has(urn) !== true)
      .map((gone) => ({ ...nameOf(gone), ...riskOf(gone, "removed") })),
    phases: diffPhases(phasesOf(before), phasesOf(after)),
  };
}

/** Verdicts are compared on their own. */
function comparable({ resources }: Plan): PlannedResource[] {
  return resources.filter(({ type }) => type !== TYPES.phase && type !== TYPES.stack);
}

function nameOf({ urn, type, name }: PlannedResource): OtherResource {
  return { urn, type, name };
}

function changeOf(from: PlannedResource, to: PlannedResource): ChangedResource {
  const names = [...new Set([...Object.keys(from.inputs), ...Object.keys(to.inputs)])].sort();
  const inputs = names
    .filter((name) => canonicalJson(from.inputs[name]) !== canonicalJson(to.inputs[name]))
    .map((name) => ({
      input: name,
      effect: to.custom ? effectOf(to.type, name) : ("update" as const),
      ...difference(from.inputs[name], to.inputs[name]),
    }));
  const effects = inputs.map(({ effect }) => effect);
  const replaced = effects.includes("replace") ? "yes" : effects.includes("unknown") ? "unknown" : "no";
  return {
    ...nameOf(to),
    inputs,
    replaced,
    ...(replaced === "no" ? {} : riskOf(from, "replaced")),
    lost: (["protect", "retainOnDelete"] as const).filter((kept) => from[kept] && !to[kept]),
  };
}

/** What goes with a resource that holds something, and what would keep it. */
function riskOf(resource: PlannedResource, how: "removed" | "replaced"): { risk: string } | Record<string, never> {
  const loss = lossOf(resource.type);
  if (loss === undefined) return {};
  if (resource.protect) return { risk: `${loss}; protected, so that the engine refuses until that is taken off` };
  if (resource.retainOnDelete) return { risk: `${loss} is left behind, and nothing uses it when this is ${how}` };
  return { risk: `${loss} is lost when this is ${how}` };
}

function difference(
  before: PlanValue | undefined,
  after: PlanValue | undefined,
): Pick<InputChange, "before" | "after"> {
  const [old, now] = [piecesOf(before), piecesOf(after)];
  const [gone, come] = [old.filter((piece) => !now.includes(piece)), now.filter((piece) => !old.includes(piece))];
  // The same pieces in another order, or a secret in another's place.
  if (gone.length === 0 && come.length === 0) return { before: [shown(before)], after: [shown(after)] };
  return { before: gone, after: come };
}

/** A list as its items, an object as its entries, anything else whole. */
function piecesOf(value: PlanValue | undefined): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === "object" && value !== null && !isSecret(value))
    return Object.entries(value).map(([key, inner]) => `${key}: ${shown(inner)}`);
  return [shown(value)];
}

/** A value as text, without the secrets in it. */
function shown(value: PlanValue | undefined): string {
  if (value === undefined) return "nothing";
  if (isSecret(value)) return "[secret]";
  const masked = JSON.stringify(value, (_key, inner: PlanValue) => (isSecret(inner) ? "[secret]" : inner));
  return typeof value === "string" ? value : masked;
}

function phasesOf({ outputs }: Plan): PhaseVerdict[] {
  return Object.keys(outputs)
    .filter((name) => /^phase\d+$/.test(name))
    .map((name) => outputs[name] as unknown as PhaseVerdict);
}

function diffPhases(before: readonly PhaseVerdict[], after: readonly PhaseVerdict[]): PhaseChange[] {
  const numbers = [...new Set([...before, ...after].map(({ phase }) => phase))].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const [old, now] = [before, after].map((phases) => phases.find(({ phase }) => phase === number));
    const tasks = diffTasks(old?.tasks ?? [], now?.tasks ?? []);
    if (tasks.length === 0 && old?.verdict === now?.verdict) return [];
    const title = now?.title ?? old?.title ?? "";
    return [{ phase: number, title, before: old?.verdict ?? "absent", after: now?.verdict ?? "absent", tasks }];
  });
}

function diffTasks(before: PhaseVerdict["tasks"], after: PhaseVerdict["tasks"]): TaskChange[] {
  const ids = [...new Set([...after, ...before].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const [old, now] = [before, after].map((tasks) => tasks.find((task) => task.id === id));
    if (old?.status === now?.status) return [];
    const { title, detail } = now ?? old ?? { title: "", detail: "" };
    return [{ id, title, before: old?.status ?? "absent", after: now?.status ?? "absent", detail }];
  });
}
