import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container shares memory segments with the host or another container. */
export const offHostIpc: Rule = containerRule({
  id: "containers-have-memory-segments-of-their-own",
  level: "mandatory",
  must: "no container shares memory segments with the host or another container",
  why: "PostgreSQL keeps its cache there",
  fix: "remove ipcMode, or set it to private or none",
  sources: ["CIS Docker 5.17"],
  reads: "Container.ipcMode",
  findFaults: (container) => {
    const mode = container.read("ipcMode").text ?? "private";
    return when(!["private", "none"].includes(mode), `ipcMode is ${mode}`);
  },
});
