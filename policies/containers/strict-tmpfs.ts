import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";

/** What is written to memory can't be run, and has a size. */
export const strictTmpfs: Rule = containerRule({
  id: "temporary-folders-run-nothing",
  level: "mandatory",
  must: "what is written to memory can't be run, and has a size",
  why: "a program dropped into /tmp is how most intrusions go on",
  fix: "set noexec, nosuid, nodev and size on every tmpfs",
  sources: [],
  reads: "Container.tmpfs",
  findFaults: (container) =>
    container.read("tmpfs").entries.flatMap(([path, options]) => {
      const given = options.word.split(",");
      const missing = ["noexec", "nosuid", "nodev"].filter((option) => !given.includes(option));
      const unbounded = given.some((option) => /^size=[1-9]\d*[kmg]?$/.test(option)) ? [] : ["size"];
      return [...missing, ...unbounded].map((option) => `${path} is mounted without ${option}`);
    }),
});
