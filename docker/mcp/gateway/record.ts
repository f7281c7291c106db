import pg from "pg";

import type { Database } from "./settings.ts";

/** A call, before it is made. */
export interface Call {
  readonly who: string;
  readonly client: string;
  readonly tool: string;
  readonly arguments: unknown;
}

/** How a call ended. */
export interface End {
  readonly outcome: "ok" | "refused" | "error";
  readonly rows: number;
  readonly bytes: number;
  readonly detail: string;
}

/** The assistants are switched off. */
export class SwitchedOff extends Error {}

/** Where calls are recorded. A call that can't be recorded is not made. */
export interface CallRecord {
  /** Is the switch on? */
  readonly open: () => Promise<boolean>;
  /** @throws SwitchedOff, or whatever keeps the row from being written. */
  readonly begin: (call: Call) => Promise<string>;
  readonly end: (id: string, end: End) => Promise<void>;
}

/** Longest text of arguments that a record keeps. */
const ARGUMENTS = 8192;

/** SQLSTATE that monitoring.mcp_begin raises while the switch is off. */
const OFF = "MCP01";

/** Records in Odoo's database, by functions that can do nothing else. */
export function databaseRecord({ ca, ...database }: Database): CallRecord {
  const pool = new pg.Pool({
    ...database,
    port: 5432,
    // The server's name and authority are checked.
    ssl: { ca, rejectUnauthorized: true, servername: database.host },
    max: 3,
    connectionTimeoutMillis: 3000,
    statement_timeout: 3000,
    idleTimeoutMillis: 60_000,
    application_name: "mcp-gateway",
  });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on("error", (error) =>
    console.error(JSON.stringify({ level: "error", what: "database", error: error.message })),
  );
  return {
    open: async () =>
      (await pool.query<{ open: boolean }>("SELECT monitoring.mcp_open() AS open")).rows[0]?.open === true,
    begin: async ({ who, client, tool, arguments: args }) => {
      const text = JSON.stringify(args ?? {}).slice(0, ARGUMENTS);
      try {
        const { rows } = await pool.query<{ id: string }>("SELECT monitoring.mcp_begin($1, $2, $3, $4) AS id", [
          who,
          client,
          tool,
          // PostgreSQL's text has no NUL.
          text.replaceAll("\u0000", ""),
        ]);
        const id = rows[0]?.id;
        if (id === undefined) throw new Error("the call was not recorded");
        return id;
      } catch (error) {
        if ((error as { code?: string }).code === OFF) throw new SwitchedOff("assistants are switched off");
        throw error;
      }
    },
    end: async (id, { outcome, rows, bytes, detail }) => {
      await pool.query("SELECT monitoring.mcp_end($1, $2, $3, $4, $5)", [
        id,
        outcome,
        rows,
        bytes,
        detail.slice(0, 500).replaceAll("\u0000", ""),
      ]);
    },
  };
}
