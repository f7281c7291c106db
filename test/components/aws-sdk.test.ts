import { createRequire } from "node:module";

import { expect, test } from "vitest";

import { aws } from "../../components/aws-sdk.ts";
import { planOf } from "../harness/plans.ts";

const require = createRequire(import.meta.url);
const isLoaded = (path: string) => require.resolve(path) in require.cache;

test("services of AWS are loaded where a stack uses them, and never all of them", async () => {
  await planOf("dev");
  expect(isLoaded("@pulumi/aws/s3")).toBe(false);
  await planOf("prod");
  expect(isLoaded("@pulumi/aws/s3")).toBe(true);
  expect(isLoaded("@pulumi/aws")).toBe(false);
});

test("they are the package's own", () => {
  const root = require("@pulumi/aws") as typeof aws;
  expect(aws.s3.Bucket).toBe(root.s3.Bucket);
  expect(aws.Provider).toBe(root.Provider);
});
