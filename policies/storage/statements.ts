import type { Reading } from "../subject.ts";

/** One statement of an IAM policy, with single values as lists. */
export interface Statement {
  readonly effect: string;
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: string;
}

/** Statements of a policy, given as JSON text or as a record. Throws where it is no policy. */
export function statementsOf(policy: Reading): readonly Statement[] {
  const document = JSON.parse(policy.word) as { Statement?: unknown };
  const statements = listOf(document.Statement);
  if (statements.length === 0) throw new TypeError("the policy has no statement");
  return statements.map((one) => {
    const statement = one as { [key: string]: unknown };
    const principal = statement["Principal"];
    const named =
      typeof principal === "object" && principal !== null
        ? Object.values(principal).flatMap(listOf)
        : listOf(principal);
    return {
      effect: String(statement["Effect"]),
      principals: named.map(String),
      actions: listOf(statement["Action"]).map((action) => String(action).toLowerCase()),
      notActions: listOf(statement["NotAction"]).map((action) => String(action).toLowerCase()),
      resources: listOf(statement["Resource"]).map(String),
      condition: JSON.stringify(statement["Condition"] ?? {}),
    };
  });
}

/** Does a statement cover an action? `s3:*` and `s3:Delete*` do; so does whatever NotAction leaves. */
export function covers({ actions, notActions }: Statement, action: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    ).test(action.toLowerCase());
  return actions.some(matches) || (notActions.length > 0 && !notActions.some(matches));
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
