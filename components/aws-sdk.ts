import { createRequire } from "node:module";

import type * as Aws from "@pulumi/aws";

const require = createRequire(import.meta.url);

/** `@pulumi/aws`, loaded when it is first used: that takes a third of a second, and most stacks have nothing on AWS. */
export const aws: typeof Aws = new Proxy({} as typeof Aws, {
  get: (_target, service) => Reflect.get(require("@pulumi/aws") as typeof Aws, service) as unknown,
});
