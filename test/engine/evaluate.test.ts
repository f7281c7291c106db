import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { describe, expect, test } from "vitest";

import { evaluate } from "../../engine/evaluate.ts";
import type { Plan } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

// The evaluator stands on the SDK's mock monitor: what it says of parents, secrets and dependencies is what the SDK sends
// to an engine. test/program.test.ts joins the two through the real entry.

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("lab:index:Group", name, {}, opts);
    this.registerOutputs({});
  }
}

function resourceIn(plan: Plan, name: string) {
  return plan.resources.find((resource) => resource.name === name);
}

describe("what a program registers", () => {
  test("a component and its child, with the URNs that Pulumi's engine gives", async () => {
    const { resources } = await register(() => {
      const inner = new Group("inner", { parent: new Group("outer") });
      new docker.Volume("data", { name: "lab-data" }, { parent: inner });
    });
    expect(resources.map(({ urn, parent, custom }) => ({ urn, parent, custom }))).toEqual([
      {
        urn: "urn:pulumi:test::lab::lab:index:Group$lab:index:Group$docker:index/volume:Volume::data",
        parent: "urn:pulumi:test::lab::lab:index:Group$lab:index:Group::inner",
        custom: true,
      },
      {
        urn: "urn:pulumi:test::lab::lab:index:Group$lab:index:Group::inner",
        parent: "urn:pulumi:test::lab::lab:index:Group::outer",
        custom: false,
      },
      {
        urn: "urn:pulumi:test::lab::lab:index:Group::outer",
        parent: "urn:pulumi:test::lab::pulumi:pulumi:Stack::lab-test",
        custom: false,
      },
      { urn: "urn:pulumi:test::lab::pulumi:pulumi:Stack::lab-test", parent: undefined, custom: false },
    ]);
  });

  test("protect and retainOnDelete, which are off unless asked for", async () => {
    const plan = await register(() => {
      new docker.Volume("kept", {}, { protect: true, retainOnDelete: true });
      new docker.Volume("loose", {});
    });
    expect(resourceIn(plan, "kept")).toMatchObject({ protect: true, retainOnDelete: true });
    expect(resourceIn(plan, "loose")).toMatchObject({ protect: false, retainOnDelete: false });
  });

  test("dependencies, by reference and by dependsOn, sorted", async () => {
    const plan = await register(() => {
      const second = new docker.Network("second", { name: "lab-second" });
      const first = new docker.Volume("first", {});
      new docker.Container("user", { image: "x", networksAdvanced: [{ name: second.name }] }, { dependsOn: [first] });
    });
    expect(resourceIn(plan, "user")?.dependencies).toEqual([
      "urn:pulumi:test::lab::docker:index/network:Network::second",
      "urn:pulumi:test::lab::docker:index/volume:Volume::first",
    ]);
  });

  test("what is made in an apply, and in an apply of that", async () => {
    const plan = await register(() => {
      const { result } = new random.RandomPassword("key", { length: 32 });
      // eslint-disable-next-line no-restricted-syntax -- what lint forbids is what is tested
      const late = result.apply(() => new docker.Volume("late", { name: "lab-late" }));
      // eslint-disable-next-line no-restricted-syntax -- what lint forbids is what is tested
      late.name.apply((name) => new docker.Volume("later", { name }));
    });
    expect(plan.resources.map(({ name }) => name)).toEqual(["late", "later", "lab-test", "key"]);
  });
});

describe("values", () => {
  const program = () => {
    const password = new random.RandomPassword("key", { length: 32 });
    new docker.Container("user", {
      image: "x",
      envs: ["A=1"],
      uploads: [{ file: "/key", content: pulumi.secret(password.result) }],
      command: [pulumi.interpolate`run ${password.result}`],
    });
    return { plain: [1, true, null], hidden: pulumi.secret("s"), later: password.result };
  };
  const evaluated = (preview: boolean) => evaluate({ project: "lab", stack: "test", program, preview });

  test("a secret is marked where it stands, a plain value is not", async () => {
    const plan = await evaluated(false);
    expect(resourceIn(plan, "user")?.inputs).toEqual({
      image: "x",
      envs: ["A=1"],
      uploads: [{ file: "/key", content: { secret: "secret://key" } }],
      // Whoever leaves out pulumi.secret shows it here, where the tests of the whole program look.
      command: ["run secret://key"],
    });
    expect(plan.outputs).toEqual({ plain: [1, true, null], hidden: { secret: "s" }, later: "secret://key" });
  });

  // Without output values, which mocks don't support, the SDK sends an unknown without its secretness.
  test("in a preview, what only a deployment can tell is unknown, secret or not", async () => {
    const plan = await evaluated(true);
    expect(resourceIn(plan, "user")?.inputs).toMatchObject({
      uploads: [{ file: "/key", content: { unknown: true } }],
      command: [{ unknown: true }],
    });
    expect(plan.outputs).toEqual({ plain: [1, true, null], hidden: { secret: "s" }, later: { unknown: true } });
  });

  test("a preview doesn't show what is made in an apply of something unknown", async () => {
    const hidden = () => {
      // eslint-disable-next-line no-restricted-syntax -- what lint forbids is what is tested
      new random.RandomPassword("key", { length: 32 }).result.apply((value) => new docker.Volume(value.slice(9), {}));
    };
    const volumes = ({ resources }: Plan) => resources.filter(({ type }) => type.endsWith(":Volume")).length;
    expect([volumes(await register(hidden)), volumes(await register(hidden, true))]).toEqual([1, 0]);
  });
});

describe("configuration", () => {
  const program = () => ({ size: new pulumi.Config("lab").get("size") ?? "unset", stack: pulumi.getStack() });

  test("is what was given, and nothing of an earlier evaluation", async () => {
    const first = await evaluate({ project: "lab", stack: "one", program, config: { "lab:size": "8" } });
    const second = await evaluate({ project: "lab", stack: "two", program });
    expect([first.outputs, second.outputs]).toEqual([
      { size: "8", stack: "one" },
      { size: "unset", stack: "two" },
    ]);
  });
});

describe("refusals", () => {
  const empty = () => ({});

  test("two resources of one name", async () => {
    const twice = () => {
      new docker.Volume("data", {});
      new docker.Volume("data", {});
    };
    await expect(register(twice)).rejects.toThrow(
      "the program registers urn:pulumi:test::lab::docker:index/volume:Volume::data twice; give each resource a name of its own",
    );
  });

  test("one name below two parents is no duplicate", async () => {
    const apart = () => {
      for (const name of ["a", "b"])
        new docker.Volume("data", {}, { parent: new Group("same", { parent: new Group(name) }) });
    };
    await expect(register(apart)).rejects.toThrow("lab:index:Group$lab:index:Group::same twice");
  });

  test("a second evaluation while one runs, which would mix with it", async () => {
    const first = evaluate({ project: "lab", stack: "one", program: empty });
    await expect(evaluate({ project: "lab", stack: "two", program: empty })).rejects.toThrow(
      "a program is being evaluated in this process already; await it first",
    );
    await expect(first).resolves.toMatchObject({ stack: "one" });
  });

  // The run would fail if one of these left an unhandled rejection behind.
  test.each<[string, () => unknown]>([
    [
      "at once",
      () => {
        throw new Error("no such thing");
      },
    ],
    [
      "after an await",
      async () => {
        await Promise.resolve();
        throw new Error("no such thing");
      },
    ],
    [
      "with resources on their way",
      () => {
        new docker.Volume("data", {}, { parent: new Group("outer") });
        throw new Error("no such thing");
      },
    ],
  ])("a program that throws %s rejects with its own error", async (_when, program) => {
    await expect(evaluate({ project: "lab", stack: "test", program })).rejects.toThrow("no such thing");
  });

  test("after a program that threw, the next one is evaluated as if nothing had been", async () => {
    const broken = () => {
      new docker.Volume("rest", {});
      throw new Error("no");
    };
    await expect(evaluate({ project: "lab", stack: "one", program: broken })).rejects.toThrow("no");
    const plan = await evaluate({ project: "lab", stack: "two", program: empty });
    expect(plan.resources.map(({ name }) => name)).toEqual(["lab-two"]);
  });

  test("a call to a provider, which a plan must do without", async () => {
    const calls = () => {
      docker.getNetworkOutput({ name: "bridge" });
    };
    await expect(evaluate({ project: "lab", stack: "test", program: calls })).rejects.toThrow(
      "the program calls docker:index/getNetwork:getNetwork, which needs a provider: a plan must not",
    );
  });
});
