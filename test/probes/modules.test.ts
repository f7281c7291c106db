import { describe, expect, it } from "vitest";

import { findModuleFaults, type ModuleStates, modules } from "../../probes/modules.ts";
import { contextWith, printed } from "./fixtures.ts";

const WANTED = ["base", "contacts", "web"];
const good: ModuleStates = {
  initialised: true,
  states: { base: "installed", contacts: "installed", web: "installed" },
  installed: 28,
  version: "19.0.1.3",
};

describe("the modules", () => {
  it.each<[string, Partial<ModuleStates>, string[]]>([
    ["are installed", {}, []],
    ["are of no Odoo", { initialised: false }, ["the database holds no Odoo"]],
    ["lack one", { states: { base: "installed", web: "installed" } }, ["contacts is unknown to Odoo"]],
    ["have one uninstalled", { states: { ...good.states, contacts: "uninstalled" } }, ["contacts is uninstalled"]],
    ["have a wanted one that waits", { states: { ...good.states, web: "to upgrade" } }, ["web waits to upgrade"]],
    ["have another one that waits", { states: { ...good.states, sale: "to install" } }, ["sale waits to install"]],
    ["are of another series", { version: "18.0.1.3" }, ["base is of version 18.0.1.3, not 19.0"]],
    ["have no version", { version: null }, ["base is of version none, not 19.0"]],
  ])("when they %s", (_what, changes, faults) => {
    expect(findModuleFaults({ ...good, ...changes }, WANTED)).toEqual(faults);
  });

  it("are asked for by name, as data and not as SQL", async () => {
    let asked = "";
    const context = await contextWith({
      exec: (_service, _command, args) => {
        asked = args?.stdin ?? "";
        return Promise.resolve(printed(JSON.stringify({ ...good, states })));
      },
    });
    const wanted = context.settings.odoo.modules;
    const states = Object.fromEntries(wanted.map((name) => [name, "installed"]));
    expect((await modules.measure(context)).holds).toBe(true);
    expect(asked).toContain(`ARRAY[${wanted.map((name) => `'${name}'`).join(", ")}]::text[]`);
  });

  it("are not as they should be while older code is held, whatever the database says", async () => {
    const context = await contextWith({ exec: () => Promise.resolve(printed(JSON.stringify({ ...good, states }))) });
    const states = Object.fromEntries(context.settings.odoo.modules.map((name) => [name, "installed"]));
    const odoo = { ...context.settings.odoo, heldBecause: "a view has no such field" };
    const { holds, detail } = await modules.measure({ ...context, settings: { ...context.settings, odoo } });
    expect([holds, detail]).toEqual([false, "it is held at older code: a view has no such field"]);
  });

  it("are not said to be there when the server refuses to tell", async () => {
    const refused = printed("", { exitCode: 2, stderr: 'psql: error: FATAL:  database "odoo" does not exist\n' });
    const context = await contextWith({ exec: () => Promise.resolve(refused) });
    await expect(modules.measure(context)).rejects.toThrow(
      'PostgreSQL (odoo): psql: error: FATAL:  database "odoo" does not exist',
    );
  });
});
