import type { Plan } from "../plan/plan.ts";
import { type Exception, exceptionsOf, findFlaw } from "./exception.ts";
import { Look } from "./look.ts";
import type { Level, Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import { type Subject, Undecided } from "./subject.ts";

/**
 * violation: the claim does not hold, or the rule failed to run. undecided: what it reads is known only after
 * deployment. excepted: a violation that somebody answers for until a day.
 */
export type FindingStatus = "violation" | "undecided" | "excepted";

/** What a rule says of a resource. */
export interface Finding {
  readonly rule: string;
  /** Level that counts: what is undecided or excepted refuses nothing. */
  readonly level: Level;
  readonly status: FindingStatus;
  readonly urn: string;
  /** Name of the resource. */
  readonly resource: string;
  /** What is wrong with it; for what is excepted, with who says why and until when. */
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

export interface EvaluateArgs {
  /** When it is judged; exceptions end. */
  readonly now: Date;
  /** @default every rule of the project */
  readonly rules?: readonly Rule[];
}

/** Judges everything that a program registers. Sorted by rule, then by resource; empty when all claims hold. */
export function evaluatePlan(plan: Plan, { now, rules = RULES }: EvaluateArgs): Finding[] {
  const look = new Look(
    plan,
    now,
    RULES.concat(rules).map(({ id }) => id),
  );
  return rules.flatMap((rule) => evaluateRule(rule, look));
}

/** Judges with one rule. */
export function evaluateRule(rule: Rule, look: Look): Finding[] {
  const exceptions = exceptionsFor(rule, look);
  return look.ofType(...rule.types).flatMap((subject) => judge(rule, subject, look, exceptions.get(subject.name)));
}

/** True where a deployment must not happen. */
export function refuses({ level, status }: Finding): boolean {
  return level === "mandatory" && status === "violation";
}

function judge(rule: Rule, subject: Subject, look: Look, exception: Exception | undefined): Finding[] {
  const { id, level, why, fix } = rule;
  const finding = (status: FindingStatus, message: string): Finding => ({
    rule: id,
    level: status === "violation" ? level : "advisory",
    status,
    urn: subject.urn,
    resource: subject.name,
    message,
    why,
    fix,
  });
  try {
    return rule
      .findFaults(subject, look)
      .map((fault) =>
        exception === undefined
          ? finding("violation", fault)
          : finding("excepted", `${fault}; accepted until ${exception.until}: ${exception.reason}`),
      );
  } catch (error) {
    if (error instanceof Undecided) return [finding("undecided", `can't be decided yet: ${error.message}`)];
    // No exception covers this: nobody accepted a rule that doesn't run.
    return [finding("violation", `the rule failed to run: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

/** Exceptions from a rule that count today, by the name of the resource. */
function exceptionsFor(rule: Rule, look: Look): ReadonlyMap<string, Exception> {
  if (rule.id === "exceptions-are-in-order") return new Map();
  let all: readonly Exception[];
  try {
    all = exceptionsOf(look);
  } catch {
    // What is wrong with them is said by exceptions-are-in-order; until it is mended, none counts.
    return new Map();
  }
  return new Map(
    all
      .filter((one) => one.rule === rule.id && findFlaw(one, look.now, look.ruleIds) === undefined)
      .map((one) => [one.resource, one]),
  );
}
