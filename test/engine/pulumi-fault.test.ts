import { beforeAll, describe, expect, test } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { neverHealthy, type Problem, problemIn, pulumiFault, saysNameTaken } from "../../engine/pulumi-fault.ts";
import type { Plan } from "../../plan/plan.ts";
import { containerIn, planOf } from "../harness/plans.ts";

// The texts are the CLI's and its providers'; that they still say so is for the end-to-end tests.

let plan: Plan;
beforeAll(async () => {
  plan = await planOf("dev");
});

const event = (severity: string, message: string) => ({
  ...{ sequence: 1, timestamp: 1 },
  diagnosticEvent: { urn: "urn:x", message, severity, color: "never" } as never,
});

describe("problems in events", () => {
  test("are errors, without colours of either kind", () => {
    expect(problemIn(event("error", "<{%fg 1%}>error: <{%reset%}>\u001b[31mno such image\u001b[0m\n"))).toEqual({
      urn: "urn:x",
      message: "error: no such image",
    });
  });

  test.each(["warning", "info", "debug", "info#err"])("are no diagnostics of severity %s", (severity) => {
    expect(problemIn(event(severity, "text"))).toBeUndefined();
  });

  test("are no other events", () => {
    expect(problemIn({ sequence: 1, timestamp: 1 })).toBeUndefined();
  });
});

describe("what a failed operation means", () => {
  const fault = (message: string, problems: Problem[] = []) => pulumiFault(plan, new Error(message), problems).message;
  const problem = (message: string, urn = ""): Problem => ({ urn, message });

  test("a job that failed, whoever says it", () => {
    const sentence =
      "Job odoo-init ended with exit code 4. Read `npm run platform -- logs odoo-init --stack dev`; it runs again with the next `npm run platform -- up --stack dev`.";
    expect(fault("code: 255", [problem("Job odoo-init ended with exit code 4. Read …")])).toBe(sentence);
    expect(fault("Job odoo-init ended with exit code 4. Read …")).toBe(sentence);
  });

  test("a container that never became healthy, by the name that Docker knows", () => {
    const { urn } = containerIn(plan, "odoo");
    expect(fault("code: 255", [problem("1 error occurred: container failed to be in healthy state", urn)])).toBe(
      neverHealthy(plan, "odoo").message,
    );
    expect(neverHealthy(plan, "odoo")).toEqual(
      new Fault(
        "Container odoo-platform-dev-odoo never became healthy. Read `npm run platform -- logs odoo --stack dev`, then repeat `npm run platform -- up --stack dev`.",
      ),
    );
  });

  test("a plugin that is missing, with its version", () => {
    const message =
      "no resource plugin 'pulumi-resource-docker' found in the workspace at version v5.2.0 or on your $PATH";
    expect(fault("code: 255", [problem(message)])).toBe(
      "Pulumi's plugin docker 5.2.0 is missing and could not be downloaded. Run `pulumi plugin install resource docker 5.2.0` where there is a network and copy ~/.pulumi/plugins here, or use `--engine compose`.",
    );
  });

  test("no passphrase, another's passphrase, no login: each with what to set", () => {
    expect(fault("passphrase must be set with PULUMI_CONFIG_PASSPHRASE")).toMatch(
      /and none is set\. Set PULUMI_CONFIG_PASSPHRASE_FILE/,
    );
    expect(fault("error: incorrect passphrase")).toMatch(/^The passphrase does not open the state of stack dev\. Set/);
    expect(fault("error: invalid or expired access token")).toMatch(/Run `pulumi login`, then repeat the command\.$/);
  });

  test("anything else: what each resource said, once, without the provider's own places", () => {
    const said = [
      "1 error occurred:",
      "\t* creating urn:pulumi:dev::odoo-platform::docker:index/container:Container::edge: 1 error occurred:",
      "\t* sdk-v2/provider2.go:566: sdk.helper_schema: Unable to create container: no such image: provider=docker@5.2.0",
    ].join("\n");
    const { urn } = containerIn(plan, "edge");
    expect(fault("code: 255", [problem(said, urn), problem(said, urn), problem("update failed")])).toBe(
      "Pulumi could not change stack dev:\nedge: Unable to create container: no such image",
    );
  });

  test("without a problem by name: the end of what the CLI said", () => {
    const lines = Array.from({ length: 9 }, (_, line) => `line ${line}`);
    expect(fault(lines.join("\n\n"))).toBe(["Pulumi could not change stack dev:", ...lines.slice(3)].join("\n"));
  });
});

test.each([
  ['Conflict. The container name "/odoo-platform-dev-edge" is already in use by container "1a2b"', true],
  ["port is already in use", false],
])("%s: is a name taken? %s", (message, taken) => {
  expect(saysNameTaken(message)).toBe(taken);
});
