import { describe, expect, it } from "vitest";

import { causeIn } from "../../../engine/update/cause.ts";

/** As the Engine sends it: eight bytes before each line. */
const sent = (...lines: readonly string[]) => lines.map((line) => `\u0002\0\0\0\0\0\u0001\u0012${line}\n`).join("");

describe("the cause in a job's log", () => {
  it("is its last exception, with all that it says", () => {
    const log = sent(
      "2026-01-01 ERROR odoo odoo.registry: Failed to load registry",
      "Traceback (most recent call last):",
      "ValueError: an earlier one",
      "odoo.tools.convert.ParseError: while parsing /opt/odoo-addons/shop/views.xml:2",
      'Field "no_such_field" does not exist in model "res.partner"',
      "",
      "{'view.model': 'res.partner'}",
    );
    expect(causeIn(log)).toBe(
      `odoo.tools.convert.ParseError: while parsing /opt/odoo-addons/shop/views.xml:2 Field "no_such_field" does not exist in model "res.partner" {'view.model': 'res.partner'}`,
    );
  });

  it("is in its last lines where there is no exception", () => {
    const log = sent("one", "two", "platform-odoo init: shop is uninstalled", "bye");
    expect(causeIn(log)).toBe("two platform-odoo init: shop is uninstalled bye");
  });

  it("is bounded", () => {
    expect(causeIn(sent(`RuntimeError: ${"x".repeat(5000)}`))).toHaveLength(800);
  });
});
