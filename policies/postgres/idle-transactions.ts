import { type Rule, when } from "../rule.ts";
import { isServer, postgresRule, settingsOf } from "./postgres.ts";

/** A transaction that does nothing ends by itself. */
export const idleTransactions: Rule = postgresRule({
  id: "idle-transactions-end",
  level: "advisory",
  must: "a transaction that does nothing ends by itself",
  why: "its locks and old rows stay until somebody restarts the server",
  fix: "set idle_in_transaction_session_timeout in components/postgres.ts",
  sources: [],
  reads: "Container.command",
  findFaults: (container) => {
    const timeout = settingsOf(container).get("idle_in_transaction_session_timeout") ?? "0";
    return when(
      isServer(container) && !/^[1-9]\d*(ms|s|min|h)?$/.test(timeout),
      `idle_in_transaction_session_timeout is ${timeout}`,
    );
  },
});
