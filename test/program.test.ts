import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";
import { parse } from "yaml";

import { planOf, inputsOf, ROOT } from "./harness/plans.ts";
import { runEntry } from "./harness/monitor.ts";

// The real entry, through Pulumi's own loader, printer of errors and exit codes. Everything else is tested in process.

const listOf = async (stack: "dev" | "prod") => {
  const { resources } = await planOf(stack);
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
};
// What was found on the machine may add Debian's Odoo to what the plan of a fresh one has.
const withoutOwnOdoo = (registered: readonly string[]) => registered.filter((line) => !line.endsWith(" odoo-debian"));

test("the runner's options are those of Pulumi.yaml", () => {
  const { main, runtime } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
    main: string;
    runtime: unknown;
  };
  expect({ main, runtime }).toEqual({
    main: "index.ts",
    runtime: { name: "nodejs", options: { nodeargs: "--import tsx", typescript: false } },
  });
});

test.each(["dev", "prod"] as const)("%s loads, and registers what its plan says", async (stack) => {
  const { registered, outputs, exitCode, said } = await runEntry({ stack, config: inputsOf(stack).config });
  expect({ exitCode, said }).toEqual({ exitCode: 0, said: "" });
  expect(withoutOwnOdoo(registered)).toEqual(await listOf(stack));
  expect(Object.keys(outputs).sort()).toEqual(Object.keys((await planOf(stack)).outputs).sort());
});

test("a broken configuration is one error with all of its faults, without a stack trace, and registers nothing", async () => {
  const { config } = inputsOf("dev");
  const edge = JSON.stringify({ httpsPort: 8443, httpPort: 8443 });
  const broken = { ...config, "odoo-platform:stage": "prod", "odoo-platform:domian": "x", "odoo-platform:edge": edge };
  const { registered, exitCode, said } = await runEntry({ stack: "dev", config: broken });
  expect(exitCode).toBe(32);
  expect(said).toContain(
    [
      "The configuration of stack dev has 3 faults:",
      '  - stage: must be one of development, staging, production; got "prod"',
      "  - domian: is not a setting; look for a typing error",
      "  - edge.httpPort: must differ from httpsPort; got 8443",
      "Mend Pulumi.dev.yaml (keys are documented in stacks/config.ts and stacks/settings/), then run the command again.",
    ].join("\n"),
  );
  expect(said).not.toMatch(/^ +at /m);
  expect(registered).toEqual(["pulumi:pulumi:Stack odoo-platform-dev"]);
});
