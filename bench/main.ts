import { loadavg } from "node:os";

import { benchPlans } from "./plans.ts";
import { benchVerbs } from "./verbs.ts";
import { benchWeb } from "./web.ts";

/** Above this on two cores something else is at work, and figures say little. */
const BUSY = 1;

const root = process.cwd();
const [load = 0] = loadavg();
process.stdout.write(
  `load average ${load.toFixed(2)}${load > BUSY ? ": this machine is busy, don't quote these figures" : ""}\n`,
);
await benchPlans(root);
await benchVerbs(root);
await benchWeb(root);
