import * as policy from "@pulumi/policy";
import { expect, test } from "vitest";

import { TYPES } from "../../plan/plan.ts";
import { type FinishedResource, Registered } from "../../policies/registered.ts";

// Made for such tests, and left out of the SDK's types.
const { unknownCheckingProxy } = policy as unknown as { unknownCheckingProxy: (props: Props) => Props };
type Props = { [name: string]: unknown };

const finished = (type: string, name: string, props: { [name: string]: unknown }): FinishedResource => ({
  type,
  name,
  urn: `urn:pulumi:prod::shop::${type}::${name}`,
  props,
  opts: { protect: false },
  dependencies: [],
});

test("what was asked for counts, not what a provider made of it; what was never asked for is what it is", () => {
  const registered = new Registered();
  const [odoo, edge] = ["odoo", "edge"].map((name) => finished(TYPES.container, name, { image: "sha256:0" }));
  if (odoo === undefined || edge === undefined) throw new Error("there are two");
  registered.keep({ urn: odoo.urn, props: { image: "odoo:1", __defaults: ["x"] } });
  const { resources, ...plan } = registered.plan([odoo, edge]);
  expect(plan).toEqual({ project: "shop", stack: "prod", outputs: {} });
  expect(resources.map(({ name, inputs }) => [name, inputs])).toEqual([
    ["edge", { image: "sha256:0" }],
    ["odoo", { image: "odoo:1" }],
  ]);
});

test("parents, dependencies and protection are kept; components and the stack are no provider's", () => {
  const stack = finished(TYPES.stack, "shop-prod", {});
  const component = finished("odoo-platform:docker:Network", "data", {});
  const network: FinishedResource = {
    ...finished(TYPES.network, "data", {}),
    opts: { protect: true, parent: component.urn },
    dependencies: [{ urn: "b" }, { urn: "a" }],
  };
  const { resources } = new Registered().plan([stack, component, network]);
  expect(resources.find(({ type }) => type === TYPES.network)).toMatchObject({
    protect: true,
    parent: component.urn,
    dependencies: ["a", "b"],
  });
  expect(resources.filter(({ custom }) => custom).map(({ type }) => type)).toEqual([TYPES.network]);
});

test("what only a deployment can tell is marked, wherever it stands", () => {
  const registered = new Registered();
  const odoo = finished(TYPES.container, "odoo", {});
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const props = unknownCheckingProxy({ image: unknown, envs: ["A=1", unknown], labels: [{ value: unknown }], x: null });
  registered.keep({ urn: odoo.urn, props });
  expect(registered.plan([odoo]).resources[0]?.inputs).toEqual({
    image: { unknown: true },
    envs: ["A=1", { unknown: true }],
    labels: [{ value: { unknown: true } }],
    x: null,
  });
});

test("a text with a generated password gets its mark back, without the password; an unknown or empty one marks nothing", () => {
  const registered = new Registered();
  const odoo = finished(TYPES.container, "odoo", {});
  registered.keep({ urn: odoo.urn, props: { envs: ["DSN=me:hunter2hunter2@db", "A="] } });
  const passwords = [
    finished(TYPES.password, "db", { result: "hunter2hunter2" }),
    finished(TYPES.password, "empty", { result: "" }),
    finished(TYPES.password, "new", unknownCheckingProxy({ result: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })),
  ];
  const plan = registered.plan([odoo, ...passwords]);
  expect(plan.resources.find(({ name }) => name === "odoo")?.inputs).toEqual({
    envs: [{ secret: "DSN=me:secret://db@db" }, "A="],
  });
});

test("a stack of nothing is an empty plan", () => {
  expect(new Registered().plan([])).toEqual({ project: "", stack: "", resources: [], outputs: {} });
});
