import { describe, expect, it } from "vitest";

import { effectOf, lossOf } from "../../plan/provider-facts.ts";
import { planOf, STACKS } from "../harness/plans.ts";

describe("what providers do", () => {
  it("is known for every resource that a stack registers", async () => {
    for (const stack of STACKS) {
      const { resources } = await planOf(stack);
      const types = [...new Set(resources.filter(({ custom }) => custom).map(({ type }) => type))];
      expect(types.filter((type) => type.startsWith("docker:") && effectOf(type, "name") === "unknown")).toEqual([]);
    }
  });

  it.each([
    ["docker:index/container:Container", "envs", "replace"],
    ["docker:index/container:Container", "memorySwap", "update"],
    ["docker:index/container:Container", "healthcheck", "ignore"],
    ["docker:index/network:Network", "internal", "replace"],
    ["docker:index/volume:Volume", "name", "replace"],
    ["docker:index/image:Image", "imageName", "update"],
    ["random:index/randomPassword:RandomPassword", "length", "replace"],
    ["aws:s3/bucket:Bucket", "bucket", "unknown"],
    ["cloud:x:Disk", "size", "unknown"],
  ])("%s: %s is a matter of %s", (type, input, effect) => {
    expect(effectOf(type, input)).toBe(effect);
  });

  it("to data is known for what holds some", () => {
    expect(lossOf("docker:index/volume:Volume")).toBe("everything in the volume");
    expect(lossOf("docker:index/container:Container")).toBeUndefined();
  });
});
