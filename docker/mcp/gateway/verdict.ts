import type { CallResult } from "./upstream.ts";

/** What is passed on of a call. */
export interface Verdict {
  readonly outcome: "ok" | "error";
  /** Text for the client. */
  readonly text: string;
  /** Entries of the longest list. */
  readonly rows: number;
}

/**
 * Judges an answer. The servers behind report faults as results (`isError: false, success: false`); a client that looks
 * at isError would take a refusal for an answer. So only what says that it succeeded is a success.
 */
export function judge(result: CallResult, rowLimit: number): Verdict {
  const text = (result.content ?? []).flatMap((part) => (part.type === "text" ? [part.text ?? ""] : [])).join("\n");
  const data = asObject(result.structuredContent) ?? asObject(parse(text));
  if (result.isError === true || data?.["success"] !== true)
    return {
      outcome: "error",
      text: text === "" ? "the server behind gave no answer that can be read" : text,
      rows: 0,
    };
  const rows = longestList(data);
  if (rows > rowLimit)
    return {
      outcome: "error",
      text: `the answer has ${rows} rows, and ${rowLimit} are allowed; narrow the question`,
      rows,
    };
  return { outcome: "ok", text: text === "" ? JSON.stringify(data) : text, rows };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Entries of the longest list anywhere in a value. */
export function longestList(value: unknown): number {
  if (Array.isArray(value)) return Math.max(value.length, ...value.slice(0, 10_000).map(longestList));
  const object = asObject(value);
  return object === undefined ? 0 : Math.max(0, ...Object.values(object).map(longestList));
}
