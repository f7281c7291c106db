import { describe, expect, it } from "vitest";

import { diffPlans, type PlanDiff } from "../../plan/diff.ts";
import type { PhaseVerdict } from "../../plan/phase.ts";
import type { Plan, PlannedResource, PlanValue } from "../../plan/plan.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { planOf } from "../harness/plans.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";

function resource(type: string, name: string, changes: Partial<PlannedResource> = {}): PlannedResource {
  const kept = { custom: true, protect: false, retainOnDelete: false, dependencies: [], inputs: {} };
  return { urn: `urn:pulumi:dev::shop::${type}::${name}`, type, name, ...kept, ...changes };
}
const container = (inputs: Record<string, PlanValue>) => resource(CONTAINER, "odoo", { inputs });
const plan = (resources: readonly PlannedResource[], outputs: Plan["outputs"] = {}): Plan => {
  return { project: "shop", stack: "dev", resources, outputs };
};
const diff = (before: PlannedResource[], after: PlannedResource[]): PlanDiff => diffPlans(plan(before), plan(after));

describe("two equal plans", () => {
  it("differ in nothing, whatever the order of their inputs", () => {
    const same = diff([container({ a: 1, b: { c: 2, d: 3 } })], [container({ b: { d: 3, c: 2 }, a: 1 })]);
    expect(same).toMatchObject({ added: [], changed: [], removed: [], phases: [] });
    expect(same.before).toBe(same.after);
  });
});

describe("a changed input", () => {
  const change = (before: Record<string, PlanValue>, after: Record<string, PlanValue>) =>
    diff([container(before)], [container(after)]).changed[0];

  it("replaces a container, or is applied to it, as its provider does", () => {
    expect(change({ image: "a" }, { image: "b" })).toMatchObject({
      replaced: "yes",
      inputs: [{ input: "image", effect: "replace", before: ["a"], after: ["b"] }],
    });
    expect(change({ memory: 512 }, { memory: 1024 })).toMatchObject({ replaced: "no", inputs: [{ effect: "update" }] });
    expect(change({ tmpfs: { "/tmp": "rw" } }, { tmpfs: {} })).toMatchObject({
      replaced: "no",
      inputs: [{ effect: "ignore", before: ["/tmp: rw"], after: [] }],
    });
    expect(change({ image: "a", memory: 1 }, { image: "b", memory: 2 })?.replaced).toBe("yes");
  });

  it("is shown by what of it is gone and what is new", () => {
    const [one] = change({ envs: ["A=1", "B=2"] }, { envs: ["B=2", "A=3"] })?.inputs ?? [];
    expect(one).toMatchObject({ before: ["A=1"], after: ["A=3"] });
    const [order] = change({ command: ["a", "b"] }, { command: ["b", "a"] })?.inputs ?? [];
    expect(order).toMatchObject({ before: ['["a","b"]'], after: ['["b","a"]'] });
    expect(change({}, { ports: [{ internal: 80 }] })?.inputs).toMatchObject([
      { input: "ports", before: [], after: ['{"internal":80}'] },
    ]);
    expect(change({ user: "1" }, {})?.inputs).toMatchObject([{ before: ["1"], after: [] }]);
  });

  it("never shows a secret, wherever it lies", () => {
    const secret = (value: string): PlanValue => ({ secret: value });
    const found = change(
      { a: secret("S3cret1"), uploads: [{ content: secret("S3cret2") }], b: "plain" },
      { a: secret("S3cret3"), uploads: [{ content: secret("S3cret4") }], b: secret("S3cret5") },
    );
    expect(found?.inputs.map(({ input }) => input)).toEqual(["a", "b", "uploads"]);
    expect(JSON.stringify(found)).not.toContain("S3cret");
    expect(found?.inputs[0]).toMatchObject({ before: ["[secret]"], after: ["[secret]"] });
  });

  it("of a type that nobody knows here is left to the provider", () => {
    const strange = (size: number) => resource("cloud:index:Disk", "disk", { inputs: { size } });
    expect(diff([strange(1)], [strange(2)]).changed).toMatchObject([
      { replaced: "unknown", inputs: [{ effect: "unknown" }] },
    ]);
  });

  it("of a component changes nothing that runs by itself", () => {
    const part = (workers: number) => resource("shop:index:Part", "part", { custom: false, inputs: { workers } });
    expect(diff([part(1)], [part(2)]).changed).toMatchObject([{ replaced: "no" }]);
  });
});

describe("data", () => {
  const volume = (changes: Partial<PlannedResource> = {}) =>
    resource(VOLUME, "data", { inputs: { name: "d" }, ...changes });
  const renamed = { inputs: { name: "e" } };

  it.each<[string, PlannedResource, PlannedResource[], string | undefined]>([
    ["lost with a volume that goes", volume(), [], "everything in the volume is lost when this is removed"],
    [
      "lost with a volume that is replaced",
      volume(),
      [volume(renamed)],
      "everything in the volume is lost when this is replaced",
    ],
    [
      "left behind where that was asked for",
      volume({ retainOnDelete: true }),
      [],
      "everything in the volume is left behind, and nothing uses it when this is removed",
    ],
    [
      "safe while protected",
      volume({ protect: true, retainOnDelete: true }),
      [],
      "everything in the volume; protected, so that the engine refuses until that is taken off",
    ],
    ["not in a container", container({ image: "a" }), [], undefined],
  ])("is %s", (_what, before, after, risk) => {
    const { changed, removed } = diff([before], after);
    expect([...changed, ...removed].map((one) => one.risk)).toEqual([risk]);
  });

  it("may lose what kept it", () => {
    const { changed } = diff([volume({ protect: true, retainOnDelete: true })], [volume()]);
    expect(changed).toMatchObject([{ inputs: [], replaced: "no", lost: ["protect", "retainOnDelete"] }]);
    expect(diff([volume()], [volume({ protect: true })]).changed).toEqual([]);
  });

  it("behind a password is lost with it", () => {
    const password = (length: number) =>
      resource("random:index/randomPassword:RandomPassword", "p", { inputs: { length } });
    expect(diff([password(24)], [password(32)]).changed[0]?.risk).toBe(
      "the secret, which gets another value is lost when this is replaced",
    );
  });
});

describe("phases", () => {
  const phase = (verdict: PhaseVerdict["verdict"], status: "GO" | "NO-GO"): Plan["outputs"] => ({
    phase0: {
      phase: 0,
      title: "Readiness",
      verdict,
      passed: 0,
      total: 1,
      tasks: [{ id: "0.1", title: "T", status, detail: "why" }],
    },
  });

  it("differ by verdict and task", () => {
    const { phases } = diffPlans(plan([], phase("GO", "GO")), plan([], phase("NO-GO", "NO-GO")));
    expect(phases).toEqual([
      {
        ...{ phase: 0, title: "Readiness", before: "GO", after: "NO-GO" },
        tasks: [{ id: "0.1", title: "T", before: "GO", after: "NO-GO", detail: "why" }],
      },
    ]);
    expect(diffPlans(plan([], phase("GO", "GO")), plan([], phase("GO", "GO"))).phases).toEqual([]);
  });

  it("come and go with versions", () => {
    const [come] = diffPlans(plan([]), plan([], phase("GO", "GO"))).phases;
    expect(come).toMatchObject({ before: "absent", after: "GO", tasks: [{ before: "absent", after: "GO" }] });
    const [gone] = diffPlans(plan([], phase("GO", "GO")), plan([])).phases;
    expect(gone).toMatchObject({ before: "GO", after: "absent", title: "Readiness", tasks: [{ after: "absent" }] });
  });

  it("of the real program change with its evidence, and no resource does", async () => {
    const before = await planOf("dev");
    const { planDigest } = before.outputs["gate"] as { planDigest: string };
    const after = await planOf("dev", {
      evidence: [evidenceOf("2.5", { planDigest, at: "2026-01-02T00:00:00.000Z" })],
    });
    const { added, changed, removed, phases } = diffPlans(before, after);
    expect([added, changed, removed]).toEqual([[], [], []]);
    expect(phases).toMatchObject([{ phase: 2, tasks: [{ id: "2.5", before: "PENDING", after: "GO" }] }]);
  });
});
