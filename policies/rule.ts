import type { Look } from "./look.ts";
import type { Subject } from "./subject.ts";

/** mandatory: the deployment is refused. advisory: it is told. */
export type Level = "mandatory" | "advisory";

/** One claim about what a program registers. Rules are data: the pack, the CLI and docs/POLICIES.md read the same. */
export interface Rule {
  /** Permanent: exceptions and findings name it. */
  readonly id: string;
  readonly level: Level;
  /** What holds, in the present tense. */
  readonly must: string;
  /** The harm when it doesn't. */
  readonly why: string;
  /** What mends it. */
  readonly fix: string;
  /** Items of published catalogues that it covers, such as `CIS Docker 5.4`. */
  readonly sources: readonly string[];
  /** Registered inputs that it reads: what is not among them, it can't see. */
  readonly reads: string;
  /**
   * True where it reads what the program left unmarked as a secret. Pulumi takes marks off before it shows values to
   * policies, so that the rule can't refuse anything there.
   *
   * @default false
   */
  readonly readsMarks?: boolean;
  /** Types of resources that it judges, one by one. */
  readonly types: readonly string[];
  /**
   * What is wrong with a resource, a sentence each; none when the claim holds. An input that is known only after
   * deployment, once read, ends the rule undecided: it is never taken for what it should be.
   */
  readonly findFaults: (subject: Subject, look: Look) => readonly string[];
}

/** A sentence where something is wrong. */
export function when(wrong: boolean, sentence: string): readonly string[] {
  return wrong ? [sentence] : [];
}
