import { userInfo } from "node:os";

import type { Command } from "commander";

import { connectDocker, containerName, execIn, plannedContainer } from "../engine/docker.ts";
import { Fault } from "../engine/fault.ts";
import { planStack } from "../engine/stack-plan.ts";
import { gateFacts } from "../gates/json.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

/** What the verb does with a stack's assistants. */
export const ACTIONS = ["off", "on", "status"] as const;

type Action = (typeof ACTIONS)[number];

export function register(command: Command): void {
  withStack(command)
    .argument("<action>", `one of ${ACTIONS.join(", ")}`)
    .addHelpText(
      "after",
      "\nOff: every call under way ends, and no other is answered, until somebody turns it on; a new `up` doesn't.\n\nExample:\n  npm run platform -- mcp off",
    )
    .action(async (action: string, { stack }: StackOptions) => {
      if (!ACTIONS.some((known) => known === action))
        throw new Fault(`There is no action ${action}; allowed are ${ACTIONS.join(", ")}.`, 2);
      const plan = await planStack(stack, { root: projectRoot() });
      const { mcp, postgres } = gateFacts(plan).settings;
      if (mcp === undefined)
        throw new Fault(`Stack ${stack} has no assistants; set mcp.enabled in Pulumi.${stack}.yaml to have them.`);
      const command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-U", "postgres"];
      const { exitCode, stdout, stderr } = await execIn(
        connectDocker(),
        containerName(plannedContainer(plan, "postgres")),
        [...command, "-d", postgres.database],
        { stdin: switchSql(action as Action, userInfo().username) },
      );
      if (exitCode !== 0) throw new Fault(`The switch could not be turned: ${stderr.trim()}`);
      process.stdout.write(`${stdout.trim()}\n`);
    });
}

/**
 * Turns the switch, which is a row in Odoo's database: it holds for every gateway, and outlives them. Off also ends the
 * sessions of the role that assistants ask with, so that a query under way ends at once.
 */
export function switchSql(action: Action, who: string): string {
  const by = who.replaceAll(/[^\w.@-]/g, "_");
  const turn = `INSERT INTO monitoring.mcp_switch (open, who) VALUES (${action === "on"}, '${by}')
ON CONFLICT (only_one) DO UPDATE SET open = excluded.open, who = excluded.who, at = clock_timestamp();`;
  return [
    ...(action === "status" ? [] : [turn]),
    ...(action === "off"
      ? ["SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity WHERE usename = 'odoo_mcp' \\gset"]
      : []),
    "SELECT format('assistants are %s, since %s, by %s', CASE WHEN open THEN 'on' ELSE 'off' END, to_char(at, 'YYYY-MM-DD HH24:MI:SS'), who) FROM monitoring.mcp_switch;",
  ].join("\n");
}
