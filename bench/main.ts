import { loadavg } from "node:os";

import { benchBackup } from "./backup.ts";
import { benchCorruptions } from "./corruptions.ts";
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
const BENCHES = {
  plans: benchPlans,
  verbs: benchVerbs,
  web: benchWeb,
  backup: benchBackup,
  corruptions: benchCorruptions,
};
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) await bench(root);
