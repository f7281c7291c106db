import { createRequire } from "node:module";

import type * as Aws from "@pulumi/aws";

const require = createRequire(import.meta.url);

/**
 * `@pulumi/aws`, service by service when it is first used: most stacks have nothing on AWS, and the package's root loads
 * all 240 services. What the root does besides, registering a package, is for references to resources, of which there
 * are none.
 */
export const aws: typeof Aws = new Proxy({} as typeof Aws, {
  get: (_target, name) =>
    name === "Provider"
      ? (require("@pulumi/aws/provider") as Pick<typeof Aws, "Provider">).Provider
      : (require(`@pulumi/aws/${String(name)}`) as unknown),
});
