import { describe, expect, test } from "vitest";

import { backupSchema, faultsOf, secretsInEscrow, takesBackups } from "../../engine/backup.ts";
import { coreOf } from "../harness/plans.ts";

describe("a backup's result", () => {
  test("is what the service prints", () => {
    const text = `{"id": "20261125T033845Z-full", "kind": "full", "status": "degraded", "regions": ["a"], "faults": {"b": "does not answer"}, "seconds": 32.8}`;
    const result = backupSchema.parse(JSON.parse(text));
    expect(faultsOf(result)).toBe("b: does not answer");
    expect(backupSchema.safeParse({ ...result, status: "fine" }).success).toBe(false);
  });
});

describe("an escrow file", () => {
  const ESCROW = {
    ...{ format: 1, stack: "odoo-platform-dev", stanza: "main", manifest_public_key: "key" },
    reader: { id: "reader", secret: "reader-secret" },
    secrets: { "backup-files-passphrase": "files", "backup-strange": "unknown" },
  };

  test("gives a new host the secrets that its plan knows", async () => {
    const plan = await coreOf("dev", ["backup"]);
    expect(Object.fromEntries(secretsInEscrow(JSON.stringify(ESCROW), plan))).toEqual({
      "backup-files-passphrase": "files",
      "vault-reader-id": "reader",
      "vault-reader-secret": "reader-secret",
    });
  });

  test.each([
    ["no JSON", "{", "This is no escrow file of format 1"],
    ["another format", JSON.stringify({ ...ESCROW, format: 2 }), "This is no escrow file of format 1"],
    ["a path", JSON.stringify({ ...ESCROW, secrets: { "../../x": "secret" } }), "This is no escrow file of format 1"],
    [
      "another stack's",
      JSON.stringify({ ...ESCROW, stack: "odoo-platform-prod" }),
      "is of odoo-platform-prod, and the stack",
    ],
  ])("that is %s is refused, and not printed", async (_what, text, sentence) => {
    const plan = await coreOf("dev", ["backup"]);
    let message = "";
    try {
      secretsInEscrow(text, plan);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(sentence);
    expect(message).not.toContain("reader-secret");
  });
});

test("only a stack with a service for it takes backups", async () => {
  expect(takesBackups(await coreOf("dev", ["backup"]))).toBe(true);
  expect(takesBackups(await coreOf("dev"))).toBe(false);
  expect(takesBackups(await coreOf("prod", ["backup"]))).toBe(true);
});
