import type { Offered } from "./catalogue.ts";
import type { CallRecord, End } from "./record.ts";
import type { Settings } from "./settings.ts";
import type { Caller } from "./tokens.ts";
import { callTool, TooLong } from "./upstream.ts";
import { judge } from "./verdict.ts";

export interface CallDependencies {
  readonly settings: Pick<Settings, "rowLimit" | "byteLimit" | "timeoutSeconds">;
  readonly record: CallRecord;
  readonly offered: (signal: AbortSignal) => Promise<Map<string, Offered>>;
  readonly call?: typeof callTool;
}

/** What the client is given: a text, and whether it is an error. */
export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

/** How often the switch is looked at while a call is under way. */
const LOOK_MS = 1000;

/** Makes one call: recorded before it is made, bounded in time, bytes and rows, and ended when the switch is turned. */
export async function makeCall(
  { settings, record, offered, call = callTool }: CallDependencies,
  caller: Pick<Caller, "who" | "client">,
  { name, args, signal }: { name: string; args: Record<string, unknown>; signal: AbortSignal },
): Promise<Answer> {
  const id = await record.begin({ ...caller, tool: name.slice(0, 100), arguments: args });
  const turnedOff = new AbortController();
  const watch = setInterval(() => {
    record.open().then(
      (open) => open || turnedOff.abort(new Error("assistants are switched off")),
      (error: unknown) => turnedOff.abort(error),
    );
  }, LOOK_MS);
  let end: End = { outcome: "error", rows: 0, bytes: 0, detail: "" };
  try {
    const tool = (await offered(signal)).get(name);
    if (tool === undefined) {
      end = { ...end, outcome: "refused", detail: "no such tool" };
      return { text: `there is no tool ${name}`, isError: true };
    }
    const limited = AbortSignal.any([signal, turnedOff.signal, AbortSignal.timeout(settings.timeoutSeconds * 1000)]);
    const result = await call(tool.upstream, name, args, { signal: limited, byteLimit: settings.byteLimit });
    const { outcome, text, rows } = judge(result, settings.rowLimit);
    end = { outcome, rows, bytes: Buffer.byteLength(text), detail: outcome === "ok" ? "" : text };
    return { text, isError: outcome === "error" };
  } catch (error) {
    const text = explain(error, settings.timeoutSeconds);
    end = { ...end, outcome: error instanceof TooLong ? "refused" : "error", detail: text };
    return { text, isError: true };
  } finally {
    clearInterval(watch);
    // Its beginning is on record whatever happens to its end.
    record.end(id, end).catch((error: unknown) => {
      console.error(JSON.stringify({ level: "error", what: "record", id, error: String(error) }));
    });
  }
}

function explain(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) return "the call failed";
  if (error.name === "TimeoutError") return `no answer within ${timeoutSeconds} s; ask for less`;
  // fetch says only that it failed; why is in the cause, and may name what is inside.
  return error.message === "fetch failed" ? "the server behind can't be reached" : error.message;
}
