import { type Plan, TYPES } from "../plan/plan.ts";
import { Subject } from "./subject.ts";

/** A plan as rules look around in it: every question is answered from an index, so that cost grows with resources alone. */
export class Look {
  readonly plan: Plan;
  /** When it is judged. */
  readonly now: Date;
  /** Ids of all rules that there are. */
  readonly ruleIds: ReadonlySet<string>;
  readonly subjects: readonly Subject[];
  private readonly byType = new Map<string, Subject[]>();
  private readonly byUrn = new Map<string, Subject>();
  private readonly indexes = new Map<string, ReadonlyMap<string, readonly Subject[]>>();

  constructor(plan: Plan, now: Date, ruleIds: Iterable<string>) {
    this.plan = plan;
    this.now = now;
    this.ruleIds = new Set(ruleIds);
    this.subjects = plan.resources.map((resource) => new Subject(resource));
    for (const subject of this.subjects) {
      this.byUrn.set(subject.urn, subject);
      push(this.byType, subject.type, subject);
    }
  }

  /** All resources of these types, in plan order. */
  ofType(...types: readonly string[]): readonly Subject[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  at(urn: string): Subject | undefined {
    return this.byUrn.get(urn);
  }

  /**
   * Resources of some types by keys of the caller's making, such as networks by their names. Made once a plan.
   *
   * @param index name of the index, unique to the caller
   */
  grouped(
    index: string,
    types: readonly string[],
    keysOf: (subject: Subject) => readonly string[],
  ): ReadonlyMap<string, readonly Subject[]> {
    const known = this.indexes.get(index);
    if (known !== undefined) return known;
    const made = new Map<string, Subject[]>();
    for (const subject of this.ofType(...types)) for (const key of keysOf(subject)) push(made, key, subject);
    this.indexes.set(index, made);
    return made;
  }

  /** What the stack asks of its policies; undefined where the program registers it not, or twice. */
  get terms(): Subject | undefined {
    const all = this.ofType(TYPES.terms);
    return all.length === 1 ? all[0] : undefined;
  }

  /** What the stack is for; production where nothing says so, since that is judged most strictly. */
  get stage(): string {
    return this.terms?.read("stage").text ?? "production";
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
