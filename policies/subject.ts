import { isSecret, type PlannedResource, type PlanValue } from "../plan/plan.ts";

/** Thrown where a rule reads what only a deployment can tell. */
export class Undecided extends Error {
  override readonly name = "Undecided";
  constructor(input: string) {
    super(`${input} is known only after deployment`);
  }
}

/** An input, or a part of one, on its way to being read. */
export class Reading {
  private readonly way: string;
  private readonly raw: PlanValue | undefined;

  /** @param way where it stands, for messages */
  constructor(way: string, raw: PlanValue | undefined) {
    this.way = way;
    this.raw = raw;
  }

  /** The part below a key; absent where there is none. */
  at(key: string): Reading {
    const value = this.plain();
    const inner = isRecord(value) ? value[key] : undefined;
    return new Reading(`${this.way}.${key}`, inner);
  }

  /** The parts of a list; none where it is absent. */
  get items(): readonly Reading[] {
    const value = this.plain();
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new TypeError(`${this.way} is no list`);
    return value.map((item, place) => new Reading(`${this.way}.${place}`, item));
  }

  /** The parts of a record by name; none where it is absent. */
  get entries(): readonly (readonly [name: string, part: Reading])[] {
    const value = this.plain();
    if (value === undefined || value === null) return [];
    if (!isRecord(value)) throw new TypeError(`${this.way} is no record`);
    return Object.entries(value).map(([name, part]) => [name, new Reading(`${this.way}.${name}`, part)]);
  }

  /** False where only a deployment can tell. */
  get known(): boolean {
    const value = isSecret(this.raw) ? this.raw.secret : this.raw;
    return !(isRecord(value) && value["unknown"] === true);
  }

  get present(): boolean {
    const value = this.plain();
    return value !== undefined && value !== null;
  }

  /** True where the program marked it as a secret. */
  get secret(): boolean {
    return isSecret(this.raw);
  }

  /** @throws TypeError where it is anything else than text. */
  get text(): string | undefined {
    const value = this.plain() ?? undefined;
    if (value !== undefined && typeof value !== "string") throw new TypeError(`${this.way} is no text`);
    return value;
  }

  /** The text; an empty one where it is absent. */
  get word(): string {
    return this.text ?? "";
  }

  /** The number; 0 where it is absent. */
  get amount(): number {
    return this.number ?? 0;
  }

  /** A number, or a text that is one, as the Docker provider takes `cpus`. */
  get number(): number | undefined {
    const value = this.plain() ?? undefined;
    if (value === undefined) return undefined;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || Number.isNaN(number)) throw new TypeError(`${this.way} is no number`);
    return number;
  }

  /** False where it is absent: what providers take an absent flag for. */
  get flag(): boolean {
    const value = this.plain() ?? false;
    if (typeof value !== "boolean") throw new TypeError(`${this.way} is neither true nor false`);
    return value;
  }

  /** Texts of a list; none where it is absent. */
  get texts(): readonly string[] {
    return this.items.map((item) => item.word);
  }

  private plain(): PlanValue | undefined {
    if (!this.known) throw new Undecided(this.way);
    return isSecret(this.raw) ? this.raw.secret : this.raw;
  }
}

/** A registered resource as rules see it. */
export class Subject {
  readonly resource: PlannedResource;

  constructor(resource: PlannedResource) {
    this.resource = resource;
  }

  get urn(): string {
    return this.resource.urn;
  }

  get type(): string {
    return this.resource.type;
  }

  get name(): string {
    return this.resource.name;
  }

  /** An input by its way, such as `capabilities.drops`. */
  read(way: string): Reading {
    const [first = "", ...rest] = way.split(".");
    return rest.reduce((reading, key) => reading.at(key), new Reading(first, this.resource.inputs[first]));
  }
}

function isRecord(value: PlanValue | undefined): value is { [key: string]: PlanValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
