// Pulumi loads a policy pack with `require`, and passes no options of Node to it: the loader of TypeScript that the
// program gets from Pulumi.yaml is registered here.
require("tsx/cjs");
module.exports = require("./pack.ts");
