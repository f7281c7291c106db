import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { shellSite, withSite } from "../../probes/shell-site.ts";
import type { ProbeContext } from "../../probes/probe.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { contextWith, printed } from "./fixtures.ts";

let clone: Clone;
let asked: { command: readonly string[]; stdin: string | undefined; env: readonly string[] | undefined }[];
beforeEach(() => {
  clone = makeClone();
  asked = [];
});
afterEach(() => clone.discard());

/** A Caddy that accepts or refuses. What a real one says is decided in the end-to-end tests. */
async function measure(validate = printed("Valid configuration\n")) {
  const exec: ProbeContext["exec"] = (service, command, args) => {
    asked.push({ command: [service, ...command], stdin: args?.stdin, env: args?.env });
    if (command[0] === "cat") return Promise.resolve(printed("{\n}\nimport /etc/caddy/sites/*.caddy\n"));
    return Promise.resolve(command[1] === "version" ? printed("v2.11.9\n") : validate);
  };
  return shellSite.measure(await contextWith({ root: clone.root, exec }));
}

describe("the site of the web shell", () => {
  it("holds where the running Caddy accepts it, behind the edge's own Caddyfile and away from its authority", async () => {
    expect(await measure()).toMatchObject({ holds: true, measured: { caddy: "v2.11.9", accepted: true } });
    const last = asked.at(-1);
    expect(last?.command.slice(0, 3)).toEqual(["edge", "caddy", "validate"]);
    expect(last?.stdin).toBe(`{\n}\n\n\n${clone.read("security/Caddyfile.shell")}`);
    expect(last?.env).toEqual(["XDG_DATA_HOME=/tmp/validate"]);
  });

  it("does not hold where Caddy refuses it", async () => {
    const refusal = printed("", {
      exitCode: 1,
      stderr: "info\nError: adapting config: unrecognized directive: rate_limit\n",
    });
    expect(await measure(refusal)).toMatchObject({
      holds: false,
      detail:
        "Caddy v2.11.9 refuses security/Caddyfile.shell: Error: adapting config: unrecognized directive: rate_limit",
    });
  });

  it.each<[string, (clone: Clone) => void, RegExp]>([
    [
      "was edited",
      ({ replace }) => replace("security/Caddyfile.shell", "request_header -*remote*", "# none"),
      /differs from the plan's rendering from line \d+ on/,
    ],
    ["is gone", ({ remove }) => remove("security/Caddyfile.shell"), /security\/Caddyfile\.shell is missing/],
  ])("does not hold where it %s, whatever Caddy says", async (_what, breakIt, fault) => {
    breakIt(clone);
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringMatching(fault)]);
  });
});

it("stands in place of the edge's own sites", () => {
  expect(withSite("a {\n\timport site\n}\nimport x/*\n", "b")).toBe("a {\n\timport site\n}\n\n\nb");
});
