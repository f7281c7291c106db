import { type AskSite, callTool, listTools, localToken, mcpRequest, type ToolAnswer } from "./mcp-client.ts";
import { CORPUS, type Hostile } from "./mcp-corpus.ts";
import { ask, siteOf } from "./https.ts";
import { fromFaults, type Measurement, type Probe, type ProbeContext } from "./probe.ts";
import { askPostgres } from "./psql.ts";

/** Calls at a time, as the role may have connections; some of the corpus last as long as a call may. */
const AT_ONCE = 8;

/** What an answer must not hold, whoever asks: names of columns with secrets, beside a value. */
const SECRET = /"(password|key|access_token|rolpassword|value)":\s*"[^"]{8,}"|SCRAM-SHA-256\$|\$pbkdf2/;

/**
 * Everything that a caller could have changed. The probe of 2.12, which runs beside this one, makes a partner and removes
 * it, and the first time that somebody signs in, Odoo notes their time zone: a user's date of change says nothing.
 */
const STATE = `
SELECT json_build_object(
  'partners', (SELECT count(*) FROM public.res_partner WHERE name NOT LIKE 'platform verify %'),
  'users', (SELECT json_agg(json_build_array(id, login, active, share, md5(password)) ORDER BY id) FROM public.res_users),
  'rights', (SELECT md5(string_agg(uid || ':' || gid, ',' ORDER BY uid, gid)) FROM public.res_groups_users_rel),
  'parameters', (SELECT md5(coalesce(string_agg(key || value, ',' ORDER BY key), '')) FROM public.ir_config_parameter),
  'tables', (SELECT count(*) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'bi'::regnamespace)),
  'largeObjects', (SELECT count(*) FROM pg_largeobject_metadata),
  'locks', (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid IN (SELECT pid FROM pg_stat_activity WHERE usename = 'odoo_mcp')),
  'switch', (SELECT open FROM monitoring.mcp_switch));`;

type State = { readonly [what: string]: unknown };

/** Views that are there and meant for assistants. */
const VIEWS =
  "SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM platform.bi_views WHERE mcp AND made IS NOT NULL;";

const COUNT =
  "SELECT json_build_object('calls', count(*), 'running', count(*) FILTER (WHERE ended_at IS NULL)) FROM monitoring.mcp_calls WHERE at >= ";

/**
 * Assistants read, and can do nothing else: what needs no token is nothing, wrong audiences, issuers, groups and origins
 * are refused, records and views are read, refusals look like refusals, and the hostile corpus changes nothing, tells no
 * secret, leaves no setting behind and gets no answer without bound; each call is on record.
 */
export const assistants: Probe = {
  task: "5.2",
  ttlDays: 7,
  needs: "system",
  measure: async (context) => {
    const { mcp, postgres } = context.settings;
    if (mcp === undefined) return missing();
    const host = mcp.host.split(":")[0] ?? mcp.host;
    const site = await siteOf(context, host);
    const asking: AskSite = (path, args) => ask(site, path, args);
    const begun = await askPostgres<string>(context, postgres.database, "SELECT to_json(clock_timestamp());");
    const before = await askPostgres<State>(context, postgres.database, STATE);
    const token = await localToken(context);
    const gate = await findGateFaults(context, asking, token);
    const offered = await listTools(asking, token);
    const views = await askPostgres<string[]>(context, postgres.database, VIEWS);
    const reads = await findReadFaults(asking, token, readsOf(views));
    const answers = await tryAll(asking, token);
    const corpus = findCorpusFaults(answers, mcp.byteLimit);
    const left = await callTool(asking, token, "execute_sql", { sql: "SHOW statement_timeout" });
    const after = await askPostgres<State>(context, postgres.database, STATE);
    const recorded = await askPostgres<{ calls: number; running: number }>(
      context,
      postgres.database,
      `${COUNT}'${begun}'::timestamptz;`,
    );
    const made = CORPUS.length + readsOf(views).length + 1;
    return fromFaults(
      [
        ...gate,
        ...(offered.join() === [...mcp.tools].sort().join()
          ? []
          : [`tools offered are ${offered.join(", ")}, not ${mcp.tools.join(", ")}`]),
        ...reads,
        ...corpus,
        ...(left.text.includes('"0"') ? ["a caller lifted the time limit for the next one"] : []),
        ...Object.keys(before)
          .filter((what) => JSON.stringify(before[what]) !== JSON.stringify(after[what]))
          .map((what) => `${what} are not what they were before the calls`),
        ...(recorded.calls >= made ? [] : [`${recorded.calls} calls are on record, and ${made} were made`]),
      ],
      {
        measured: {
          tools: offered,
          views,
          corpus: answers.map(({ hostile, answer }) => ({
            name: hostile.name,
            refused: answer.isError,
            bytes: answer.bytes,
          })),
          recorded: recorded.calls,
        },
        limit: { writes: 0, secrets: 0, bytes: mcp.byteLimit, rows: mcp.rowLimit, recorded: made },
        held: `${offered.length} tools read records and ${views.length} views with a right token alone; ${CORPUS.length} hostile calls changed nothing and told nothing; ${recorded.calls} calls are on record`,
      },
    );
  },
};

function missing(): Measurement {
  return fromFaults(["there are no servers for assistants; set mcp.enabled"], {
    measured: null,
    limit: "5.2",
    held: "",
  });
}

interface Door {
  readonly name: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Who must stay outside, and with which answer. */
async function findGateFaults(context: ProbeContext, asking: AskSite, token: string): Promise<string[]> {
  // One after another: each is a process beside the gateway, within its memory.
  const audience = await localToken(context, { audience: "https://elsewhere.example/mcp" });
  const group = await localToken(context, { groups: "tester-of-nothing" });
  const issuer = await localToken(context, { issuer: "https://elsewhere.example" });
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
  const doors: Door[] = [
    { name: "no token", status: 401, headers: {} },
    { name: "a token of another audience", status: 401, headers: bearer(audience) },
    { name: "a token of another issuer", status: 401, headers: bearer(issuer) },
    { name: "a token that was tampered with", status: 401, headers: bearer(`${token.slice(0, -8)}AAAAAAAA`) },
    { name: "a token without a signature", status: 401, headers: bearer(unsigned(token)) },
    { name: "a person of another group", status: 403, headers: bearer(group) },
    { name: "a page of elsewhere", status: 403, headers: { ...bearer(token), origin: "https://elsewhere.example" } },
    { name: "a right token", status: 200, headers: bearer(token) },
  ];
  const faults = await Promise.all(
    doors.map(async ({ name, status, headers }) => {
      const answer = await asking("/mcp", mcpRequest("tools/list", {}, headers));
      if (answer.status !== status) return [`${name} is answered ${answer.status}, not ${status}`];
      const challenge = answer.headers["www-authenticate"] ?? "";
      return status === 401 && !challenge.includes("resource_metadata=")
        ? [`${name} is not told where tokens come from`]
        : [];
    }),
  );
  return faults.flat();
}

function unsigned(token: string): string {
  const [, payload = ""] = token.split(".");
  return `${Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url")}.${payload}.`;
}

interface Read {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** What the answer says, or `refused`. */
  readonly says: string;
}

/** What must work, and how a missing right must look. */
function readsOf(views: readonly string[]): Read[] {
  const sql =
    "SELECT concat('views: ', string_agg(table_name, ', ' ORDER BY table_name), ';') AS found FROM information_schema.views WHERE table_schema = 'bi'";
  return [
    { tool: "search_records", args: { model: "res.partner", fields: ["name"], limit: 3 }, says: '"name"' },
    { tool: "execute_sql", args: { sql }, says: `views: ${views.join(", ")};` },
    { tool: "search_records", args: { model: "res.users", fields: ["login"] }, says: "refused" },
  ];
}

async function findReadFaults(asking: AskSite, token: string, reads: readonly Read[]): Promise<string[]> {
  const faults = await Promise.all(
    reads.map(async ({ tool, args, says }) => {
      const { isError, text } = await callTool(asking, token, tool, args);
      const what = `${tool} ${JSON.stringify(args)}`;
      const heard = text.slice(0, 200);
      if (says === "refused")
        return isError && text.includes("403") ? [] : [`${what} does not look like a refusal: ${heard}`];
      return isError || !text.includes(says) ? [`${what} does not say ${says}: ${heard}`] : [];
    }),
  );
  return faults.flat();
}

interface Tried {
  readonly hostile: Hostile;
  readonly answer: ToolAnswer;
}

async function tryAll(asking: AskSite, token: string): Promise<Tried[]> {
  const tried: Tried[] = [];
  const left = [...CORPUS];
  const work = async (): Promise<void> => {
    for (let hostile = left.shift(); hostile !== undefined; hostile = left.shift())
      tried.push({ hostile, answer: await callTool(asking, token, hostile.tool, hostile.arguments) });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tried;
}

/** Hostile calls that were answered as they must not be. */
export function findCorpusFaults(tried: readonly Tried[], byteLimit: number): string[] {
  return tried.flatMap(({ hostile: { name, must }, answer: { isError, text, bytes, status } }) => [
    ...(status === 200 ? [] : [`${name}: the gateway answered ${status}`]),
    ...(must === "refused" && !isError ? [`${name} was answered`] : []),
    ...(SECRET.test(text) ? [`${name} told a secret`] : []),
    // As text in JSON an answer grows by what is escaped.
    ...(bytes > byteLimit * 2 ? [`${name} got ${bytes} bytes`] : []),
  ]);
}
