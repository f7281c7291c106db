import { afterEach, describe, expect, it } from "vitest";

import { copyOf, findCopy } from "../../../engine/update/copy.ts";
import { type EngineApi, engineApi } from "../../harness/engine-api.ts";
import { planOf } from "../../harness/plans.ts";

let api: EngineApi;
afterEach(() => api.close());

// What the server makes of the statements is for the end-to-end tests.
describe("the copy of a database that does not run", () => {
  it("can't be told: it is asked for by name, as a variable and not as SQL, and the Engine's answer is passed on", async () => {
    api = await engineApi(() => undefined);
    await expect(findCopy({ docker: api.docker, plan: await planOf("dev") })).rejects.toThrow("No such thing");
    const { Cmd } = JSON.parse(api.asked[0]?.body.toString() ?? "{}") as { Cmd: string[] };
    expect(Cmd).toEqual(expect.arrayContaining(["db=odoo", `copy=${copyOf("odoo")}`]));
  });
});
