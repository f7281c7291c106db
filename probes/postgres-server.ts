import { containerName, plannedContainer, orAbsent } from "../engine/docker.ts";
import { fromFaults, type Probe, type ProbeContext } from "./probe.ts";
import { askPostgres, literals } from "./psql.ts";
import { type Outcome, runSessions, type Session } from "./psql-sessions.ts";

/** What the server must say of itself. */
const SETTINGS = {
  data_checksums: "on",
  ssl: "on",
  password_encryption: "scram-sha-256",
  fsync: "on",
  full_page_writes: "on",
};

/** A line of pg_hba.conf, as the server read it. */
export interface HbaRule {
  readonly line: number;
  readonly type: string;
  readonly database: readonly string[];
  readonly users: readonly string[];
  readonly method: string;
  readonly error: string | null;
}

interface Server {
  readonly version: number;
  readonly settings: { readonly [name: string]: string };
  readonly rules: readonly HbaRule[];
  /** Sessions over the network that are not encrypted. */
  readonly unencrypted: number;
}

const SERVER = `
SELECT json_build_object(
  'version', current_setting('server_version_num')::int / 10000,
  'settings', (SELECT json_object_agg(name, setting) FROM pg_settings WHERE name = ANY(${literals(Object.keys(SETTINGS))})),
  'rules', (SELECT json_agg(json_build_object('line', line_number, 'type', type, 'database', database, 'users', user_name,
                                              'method', auth_method, 'error', error) ORDER BY line_number)
              FROM pg_hba_file_rules),
  'unencrypted', (SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
                   WHERE client_addr IS NOT NULL AND backend_type = 'client backend' AND NOT ssl));`;

/**
 * Asks the server what it is, and knocks: without TLS, as the superuser over TCP, with a wrong password; all must be
 * refused by the rules, while the right way in opens (so that the refusals are not those of a dead server). The network
 * must be internal and nothing published.
 *
 * It knocks from the server's own container, over its network, and from the edge, which is on another; not from every
 * place outside.
 */
export const postgresServer: Probe = {
  task: "2.5",
  ttlDays: 7,
  needs: "system",
  quick: true,
  mends: ["postgres"],
  measure: async (context) => {
    const [server, knocks, reach] = await Promise.all([
      askPostgres<Server>(context, "postgres", SERVER),
      knock(context),
      findWaysIn(context),
    ]);
    const faults = [...findServerFaults(server), ...findHbaFaults(server.rules), ...findKnockFaults(knocks), ...reach];
    const { version, settings, unencrypted } = server;
    return fromFaults(faults, {
      measured: {
        version,
        settings,
        unencrypted,
        knocks: Object.fromEntries(knocks),
        rules: server.rules.length,
        waysIn: reach,
      },
      limit: { version: 17, settings: SETTINGS, unencrypted: 0, waysIn: [] },
      held: `PostgreSQL ${version} with checksums answers over TLS with scram-sha-256 only; ${server.rules.length} rules let nobody else in`,
    });
  },
};

async function knock(context: ProbeContext): Promise<Map<string, Outcome>> {
  const password = await context.secret("postgres-init", "odoo-db-password");
  const base = {
    host: "postgres",
    role: "odoo_app",
    database: context.settings.postgres.database,
    allowed: false,
  } as const;
  const sessions: Session[] = [
    { ...base, key: "right", allowed: true, sslmode: "verify-full", password },
    { ...base, key: "plain", sslmode: "disable", password },
    { ...base, key: "wrong-password", sslmode: "require", password: `${password}x` },
    { ...base, key: "superuser", sslmode: "require", role: "postgres", database: "postgres" },
  ];
  return runSessions(context, sessions);
}

/** What the answers to the knocks say against the server. */
export function findKnockFaults(knocks: ReadonlyMap<string, Outcome>): string[] {
  const refusedBy = (key: string, reason: RegExp, what: string): string[] => {
    const outcome = knocks.get(key) ?? "not tried";
    return outcome.startsWith("refused") && reason.test(outcome)
      ? []
      : [`${what}: ${outcome === "ok" ? "let in" : outcome}`];
  };
  return [
    ...(knocks.get("right") === "ok" ? [] : [`odoo_app can't log in over TLS: ${knocks.get("right") ?? "not tried"}`]),
    ...refusedBy("plain", /pg_hba\.conf/, "odoo_app without TLS"),
    ...refusedBy("wrong-password", /password authentication failed/, "odoo_app with a wrong password"),
    ...refusedBy("superuser", /pg_hba\.conf/, "the superuser over TCP"),
  ];
}

export function findServerFaults({ version, settings, unencrypted }: Omit<Server, "rules">): string[] {
  return [
    ...(version === 17 ? [] : [`PostgreSQL ${version} runs, not 17`]),
    ...Object.entries(SETTINGS)
      .filter(([name, value]) => settings[name] !== value)
      .map(([name, value]) => `${name} is ${settings[name] ?? "unknown"}, not ${value}`),
    ...(unencrypted === 0 ? [] : [`${unencrypted} sessions over the network are not encrypted`]),
  ];
}

/** Lines that let somebody in otherwise than: the superuser by peer on the socket, all others by scram-sha-256, over TLS. */
export function findHbaFaults(rules: readonly HbaRule[]): string[] {
  return rules.flatMap(({ line, type, users, method, error }) => {
    const fault = (what: string) => [`pg_hba.conf line ${line}: ${what}`];
    if (error !== null) return fault(error);
    if (method === "reject") return [];
    if (type === "local") {
      if (method === "scram-sha-256") return [];
      return method === "peer" && users.join() === "postgres"
        ? []
        : fault(`${method} for ${users.join(", ")} on the socket`);
    }
    if (type !== "hostssl") return fault(`${type} lets ${users.join(", ")} in without TLS`);
    if (method !== "scram-sha-256") return fault(`${method} for ${users.join(", ")}`);
    const wide = users.filter(
      (user) => user === "postgres" || user === "all" || user.startsWith("+") || user.startsWith("/"),
    );
    return wide.length === 0 ? [] : fault(`${wide.join(", ")} may come over the network`);
  });
}

/** Ways from outside to the server: a published port, a network with a way out, an open line from another network. */
async function findWaysIn(context: ProbeContext): Promise<string[]> {
  const { docker, plan } = context;
  const container = await orAbsent(docker.getContainer(containerName(plannedContainer(plan, "postgres"))).inspect());
  if (container === undefined) return ["its container is not there"];
  const published = Object.entries(container.NetworkSettings.Ports).filter(
    ([, bindings]) => (bindings as unknown[] | null) !== null,
  );
  const networks = Object.entries(container.NetworkSettings.Networks);
  const [found, reached] = await Promise.all([
    Promise.all(
      networks.map(([name]) =>
        orAbsent(docker.getNetwork(name).inspect() as Promise<{ Name: string; Internal: boolean }>),
      ),
    ),
    Promise.all(networks.map(([, { IPAddress: address }]) => reachedFromEdge(context, address))),
  ]);
  return [
    ...published.map(([port]) => `port ${port} is published`),
    ...found
      .filter((network) => network?.Internal !== true)
      .map((network) => `network ${network?.Name ?? "unknown"} is not internal`),
    ...reached.flatMap((address) => (address === undefined ? [] : [`the edge reaches it at ${address}`])),
  ];
}

/** PostgreSQL's request for TLS, in octal: it alone answers with one letter, S or N. */
const KNOCK = String.raw`\0\0\0\10\4\322\26\57`;

/**
 * The edge is on no network of the database: its packets must get nowhere. That something takes the connection is not
 * enough: an address that the host has no bridge for is looked for in the world, where anybody may have it.
 */
export async function reachedFromEdge(
  { exec }: Pick<ProbeContext, "exec">,
  address: string,
): Promise<string | undefined> {
  const knock = `exec 3<>/dev/tcp/${address}/5432 && printf '${KNOCK}' >&3 && head --bytes=1 <&3`;
  const { stdout } = await exec("edge", ["timeout", "0.3", "bash", "-c", knock]);
  return /^[SNE]$/.test(stdout) ? address : undefined;
}
