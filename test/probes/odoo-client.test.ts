import { describe, expect, it } from "vitest";

import { mintApiKey, type OdooSession } from "../../probes/odoo-client.ts";
import { NOW } from "./fixtures.ts";

type Call = readonly [model: string, method: string, args: readonly unknown[], kwargs: unknown];

/** A session in which Odoo answers calls like this, in turn. */
function sessionThat(...answers: unknown[]): { session: OdooSession; calls: Call[] } {
  const calls: Call[] = [];
  const session: OdooSession = {
    uid: 2,
    call: (model, method, args, kwargs = {}) => {
      calls.push([model, method, args, kwargs]);
      return Promise.resolve(answers.shift());
    },
    get: () => Promise.reject(new Error("nothing is loaded here")),
    logout: () => Promise.resolve(),
  };
  return { session, calls };
}

const ASKS = { res_model: "res.users.identitycheck", res_id: 9 };
const MADE = { context: { default_key: "k3y" } };
const ARGS = { name: "platform verify 1", minutes: 10, password: "s3cret", now: NOW };

describe("an API key", () => {
  it("is made for minutes, with the password where Odoo asks for it", async () => {
    const { session, calls } = sessionThat([7], ASKS, MADE);
    expect((await mintApiKey(session, ARGS)).key).toBe("k3y");
    expect(calls).toEqual([
      [
        "res.users.apikeys.description",
        "create",
        [{ name: "platform verify 1", duration: "-1", expiration_date: "2026-03-01 12:10:00" }],
        {},
      ],
      ["res.users.apikeys.description", "make_key", [[7]], {}],
      ["res.users.identitycheck", "run_check", [[9]], { context: { password: "s3cret" } }],
    ]);
  });

  it("is removed by its name, and no other with it", async () => {
    const { session, calls } = sessionThat(7, MADE, [31], { type: "ir.actions.act_window_close" });
    const { remove } = await mintApiKey(session, ARGS);
    await remove();
    expect(calls.slice(2)).toEqual([
      [
        "res.users.apikeys",
        "search",
        [
          [
            ["name", "=", "platform verify 1"],
            ["user_id", "=", 2],
          ],
        ],
        {},
      ],
      ["res.users.apikeys", "remove", [[31]], {}],
    ]);
  });

  it("that Odoo did not make is an error", async () => {
    const { session } = sessionThat([7], { type: "ir.actions.act_window_close" });
    await expect(mintApiKey(session, ARGS)).rejects.toThrow("Odoo made no API key");
  });
});
