import { Agent, request } from "node:https";

import { inService } from "./docker.ts";

export interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
}

export interface CallArgs {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly stack?: string;
  readonly port?: number;
  readonly host?: string;
}

/** A request through the edge, with its certificate verified against its own CA. Node can't resolve *.localhost by itself. */
export async function call(path: string, args: CallArgs = {}): Promise<Reply> {
  const { method = "GET", headers = {}, body, stack = "dev", port = 8443, host = "odoo.localhost" } = args;
  const ca = await inService("edge", ["cat", "/data/caddy/pki/authorities/local/root.crt"], { stack });
  return new Promise((resolve, reject) => {
    const agent = new Agent({
      ca,
      lookup: (_name, options, done) =>
        options.all === true ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4),
    });
    const outgoing = request(
      { host, port, path, method, headers: { host: `${host}:${port}`, ...headers }, agent, timeout: 60_000 },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Makes an API key of the administrator that lives for a day, as an administrator would in `odoo shell`. */
export async function mintKey(stack = "dev"): Promise<string> {
  const script = [
    "import datetime",
    "user = env.ref('base.user_admin')",
    "key = env['res.users.apikeys'].with_user(user)._generate('rpc', 'end-to-end test', datetime.datetime.now() + datetime.timedelta(days=1))",
    "env.cr.commit()",
    "print('KEY=' + key)",
  ].join("\n");
  const printed = await inService("odoo", ["platform-odoo", "shell", "--no-http"], { stdin: `${script}\n`, stack });
  const key = /KEY=(\w+)/.exec(printed)?.[1];
  if (key === undefined) throw new Error(`no key was printed: ${printed}`);
  return key;
}

/** A call of Odoo's JSON-2 API. */
export async function json2(
  key: string,
  model: string,
  method: string,
  params: unknown,
  args: CallArgs = {},
): Promise<unknown> {
  const reply = await call(`/json/2/${model}/${method}`, {
    ...args,
    method: "POST",
    headers: { authorization: `bearer ${key}`, "content-type": "application/json", "x-odoo-database": "odoo" },
    body: JSON.stringify(params),
  });
  if (reply.status !== 200) throw new Error(`${model}.${method} answered ${reply.status}: ${reply.text}`);
  return JSON.parse(reply.text);
}
