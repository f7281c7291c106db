import { ask, type Answer, siteOf } from "./https.ts";
import { fromFaults, type Probe, type ProbeContext } from "./probe.ts";

/** Ways to write the path of the database manager. */
const PATHS = [
  "/web/database/manager",
  "/web/database/selector",
  "/web/database/backup",
  "//web/database/manager",
  "/web//database/manager",
  "/web/./database/manager",
  "/web/%64atabase/manager",
  "/web%2Fdatabase%2Fmanager",
  "/web/database/../database/manager",
];

const LIST_JSON = JSON.stringify({ jsonrpc: "2.0", method: "call", params: {} });
const LIST_JSONRPC = JSON.stringify({
  jsonrpc: "2.0",
  method: "call",
  params: { service: "db", method: "list", args: [] },
});
const LIST_XML = "<?xml version='1.0'?><methodCall><methodName>list</methodName><params></params></methodCall>";

/** Judges the stored master password without printing it. */
const MASTER_PASSWORD = `
import configparser, json
from passlib.context import CryptContext
parser = configparser.RawConfigParser()
parser.read("/run/odoo/odoo.conf")
stored = parser.get("options", "admin_passwd", fallback="admin")
hashed = stored.startswith("$")
matches = (lambda word: CryptContext(["pbkdf2_sha512", "plaintext"]).verify(word, stored)) if hashed else (lambda word: word == stored)
print(json.dumps({"default": any(matches(word) for word in ("admin", "odoo", "password", "changeme")), "length": None if hashed else len(stored)}))
`;

/** Shortest master password that counts as generated. */
const LEAST_LENGTH = 20;

/** What was asked, and what came back. */
export interface Tried {
  readonly where: string;
  readonly status: number;
  readonly body: string;
}

/**
 * Asks for the database manager at the edge under every spelling, and for the list of databases over all three
 * protocols, at the edge and inside, behind it. Inside, its page may answer, but only to say that it is off.
 */
export const databaseManager: Probe = {
  task: "2.11",
  ttlDays: 7,
  needs: "system",
  quick: true,
  mends: ["odoo"],
  measure: async (context) => {
    const [outside, inside, master] = await Promise.all([
      tryEdge(context),
      tryInside(context),
      judgeMasterPassword(context),
    ]);
    const { listDatabases } = context.settings.odoo;
    const faults = [
      ...outside
        .filter(({ status }) => status < 400)
        .map(({ where, status }) => `${where} answers ${status} at the edge`),
      ...findListFaults(inside.lists),
      ...findManagerFaults(inside.manager),
      ...(master.default ? ["the master password is a default"] : []),
      ...(master.length !== null && master.length < LEAST_LENGTH
        ? [`the master password has ${master.length} characters`]
        : []),
    ];
    return fromFaults(faults, {
      measured: {
        edge: Object.fromEntries(outside.map(({ where, status }) => [where, status])),
        inside: Object.fromEntries(
          inside.lists.map(({ where, body }) => [where, isRefusal(body) ? "refused" : "answered"]),
        ),
        manager: inside.manager.status,
        masterPassword: { ...master },
        listDatabases,
      },
      limit: { edge: "400 or more", inside: "refused", masterPassword: { default: false, length: LEAST_LENGTH } },
      held: `the database manager is refused in ${outside.length} spellings at the edge, and lists nothing inside`,
    });
  },
};

async function tryEdge(context: ProbeContext): Promise<Tried[]> {
  const site = await siteOf(context, context.settings.edge.hosts.odoo);
  const show =
    (where: string) =>
    ({ status, body }: Answer): Tried => ({ where, status, body });
  return Promise.all([
    ...PATHS.map((path) => ask(site, path).then(show(path))),
    ask(site, "/web/database/list", { body: LIST_JSON, headers: { "content-type": "application/json" } }).then(
      show("POST /web/database/list"),
    ),
    ask(site, "/web/database/create", {
      body: "master_pwd=admin&name=platform_probe",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }).then(show("POST /web/database/create")),
  ]);
}

async function tryInside({ exec }: ProbeContext): Promise<{ lists: Tried[]; manager: Tried }> {
  const curl = async (where: string, ...args: string[]): Promise<Tried> => {
    const command = [
      "curl",
      "-sS",
      "--max-time",
      "10",
      "-w",
      "\\n%{http_code}",
      ...args,
      `http://127.0.0.1:8069${where}`,
    ];
    const { exitCode, stdout, stderr } = await exec("odoo", command);
    if (exitCode !== 0) throw new Error(`Odoo does not answer inside: ${stderr.trim()}`);
    const at = stdout.lastIndexOf("\n");
    return { where, status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
  };
  const post = (where: string, type: string, body: string) =>
    curl(where, "-H", `Content-Type: ${type}`, "--data-binary", body);
  const [manager, ...lists] = await Promise.all([
    curl("/web/database/manager"),
    post("/web/database/list", "application/json", LIST_JSON),
    post("/jsonrpc", "application/json", LIST_JSONRPC),
    post("/xmlrpc/2/db", "text/xml", LIST_XML),
  ]);
  return { lists, manager };
}

/** Calls that returned databases instead of a refusal. */
export function findListFaults(lists: readonly Tried[]): string[] {
  return lists
    .filter(({ body }) => !isRefusal(body))
    .map(({ where, status }) => `${where} lists databases inside (${status})`);
}

/** Does an answer say that access is denied, or that there is nothing of that kind? */
function isRefusal(body: string): boolean {
  return /AccessDenied|Access Denied|404 Not Found|"code": 404/.test(body);
}

/** The page may say that it is off; it must offer nothing. */
export function findManagerFaults({ status, body }: Tried): string[] {
  if (status >= 400) return [];
  const off = body.includes("has been disabled by the administrator");
  return off && !body.includes("Create database</") && !/list-group-item/.test(body)
    ? []
    : [`/web/database/manager is open inside (${status})`];
}

async function judgeMasterPassword({ exec }: ProbeContext): Promise<{ default: boolean; length: number | null }> {
  const { exitCode, stdout, stderr } = await exec("odoo", ["python3", "-c", MASTER_PASSWORD]);
  if (exitCode !== 0) throw new Error(`Odoo's configuration can't be read: ${stderr.trim().split("\n").at(-1) ?? ""}`);
  return JSON.parse(stdout) as { default: boolean; length: number | null };
}
