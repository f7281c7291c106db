import type { Agent } from "node:https";

import { type Answer, ask, type Site } from "./https.ts";

/** A person's session in Odoo's web client. */
export interface OdooSession {
  readonly uid: number;
  /** Calls a method of a model, as the web client does. */
  readonly call: (
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs?: Readonly<Record<string, unknown>>,
  ) => Promise<unknown>;
  readonly get: (path: string) => Promise<Answer>;
  readonly logout: () => Promise<void>;
}

/**
 * Logs in through the login form.
 *
 * @throws Error when the form isn't there or the login is refused.
 */
export async function logIn(
  site: Site,
  agent: Agent,
  { login, password }: { login: string; password: string },
): Promise<OdooSession> {
  const cookies = new Map<string, string>();
  const send = async (path: string, args: Parameters<typeof ask>[2] = {}): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await ask(site, path, {
      ...args,
      agent,
      headers: { ...args.headers, ...(cookie === "" ? {} : { cookie }) },
    });
    keepCookies(cookies, answer);
    return answer;
  };
  const form = await send("/web/login");
  const token = /name="csrf_token"\s+value="([^"]+)"/.exec(form.body)?.[1];
  if (token === undefined) throw new Error(`/web/login shows no login form (${form.status})`);
  const answer = await send("/web/login", {
    body: new URLSearchParams({ csrf_token: token, login, password }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  if (answer.status !== 303)
    throw new Error(
      `${login} can't log in with the generated password (${answer.status}); if a person changed it, put it back or reset it`,
    );
  const insecure = [answer.headers["set-cookie"] ?? []]
    .flat()
    .filter((cookie) => /^session_id=/.test(cookie) && !(/;\s*secure/i.test(cookie) && /;\s*httponly/i.test(cookie)));
  if (insecure.length > 0) throw new Error("the session cookie lacks Secure or HttpOnly");

  const rpc = async (path: string, params: unknown): Promise<unknown> => {
    const { status, body } = await send(path, {
      body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
      headers: { "content-type": "application/json" },
    });
    const { result, error } = parse(path, status, body) as {
      result?: unknown;
      error?: { data?: { message?: string }; message: string };
    };
    if (error !== undefined) throw new Error(`${path}: ${error.data?.message ?? error.message}`);
    return result;
  };
  const { uid } = (await rpc("/web/session/get_session_info", {})) as { uid: number | null };
  if (uid === null) throw new Error(`${login} has no session after logging in`);
  return {
    uid,
    call: (model, method, args, kwargs = {}) =>
      rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs }),
    get: (path) => send(path),
    logout: async () => {
      await send("/web/session/logout");
    },
  };
}

function keepCookies(cookies: Map<string, string>, { headers }: Answer): void {
  for (const cookie of headers["set-cookie"] ?? []) {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
    if (name !== undefined && value !== undefined) cookies.set(name, value);
  }
}

/** An API key that lives for minutes. */
export interface ApiKey {
  readonly key: string;
  readonly remove: () => Promise<void>;
}

/** Makes an API key as a person does in the preferences, password asked again; it ends by itself after some minutes. */
export async function mintApiKey(
  session: OdooSession,
  { name, minutes, password, now }: { name: string; minutes: number; password: string; now: Date },
): Promise<ApiKey> {
  const expires = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 19).replace("T", " ");
  // Older keys of this name are left from a run that was killed; they have expired, or soon will.
  const description = (await session.call("res.users.apikeys.description", "create", [
    { name, duration: "-1", expiration_date: expires },
  ])) as number | number[];
  const first = await session.call("res.users.apikeys.description", "make_key", [[description].flat()]);
  const made = await confirm(session, first, password);
  const key = (made as { context?: { default_key?: string } }).context?.default_key;
  if (key === undefined) throw new Error("Odoo made no API key");
  return {
    key,
    remove: async () => {
      const ids = (await session.call("res.users.apikeys", "search", [
        [
          ["name", "=", name],
          ["user_id", "=", session.uid],
        ],
      ])) as number[];
      await confirm(session, await session.call("res.users.apikeys", "remove", [ids]), password);
    },
  };
}

/** Answers Odoo's question for the password, where it asks. */
async function confirm(session: OdooSession, action: unknown, password: string): Promise<unknown> {
  const { res_model: model, res_id: id } = (action ?? {}) as { res_model?: string; res_id?: number };
  if (model !== "res.users.identitycheck" || id === undefined) return action;
  return session.call(model, "run_check", [[id]], { context: { password } });
}

/** Calls a method over JSON-2 with an API key. */
export async function json2(
  site: Site,
  agent: Agent,
  args: { key: string; database: string; model: string; method: string; body: unknown },
): Promise<{ status: number; result: unknown }> {
  const { key, database, model, method, body } = args;
  const path = `/json/2/${model}/${method}`;
  const answer = await ask(site, path, {
    agent,
    body: JSON.stringify(body),
    headers: { authorization: `bearer ${key}`, "content-type": "application/json", "x-odoo-database": database },
  });
  return { status: answer.status, result: parse(path, answer.status, answer.body) };
}

function parse(path: string, status: number, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`${path} answered ${status} with something else than JSON`);
  }
}
