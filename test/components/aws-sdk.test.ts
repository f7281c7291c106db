import { createRequire } from "node:module";

import { expect, test } from "vitest";

import { aws } from "../../components/aws-sdk.ts";
import { planOf } from "../harness/plans.ts";

const require = createRequire(import.meta.url);
const isLoaded = () => require.resolve("@pulumi/aws") in require.cache;

test("what takes a third of a second to load is loaded where something is on AWS", async () => {
  await planOf("dev");
  expect(isLoaded()).toBe(false);
  expect(aws.s3.Bucket).toBeTypeOf("function");
  expect(isLoaded()).toBe(true);
});
