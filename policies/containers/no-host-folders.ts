import type { Rule } from "../rule.ts";
import { containerRule, hostPaths } from "./container.ts";

/** No container mounts a folder of the host, nor one of its devices. */
export const noHostFolders: Rule = containerRule({
  id: "containers-see-no-folder-of-the-host",
  level: "mandatory",
  must: "no container mounts a folder of the host, nor one of its devices",
  why: "what is written there outlives the container and belongs to the host",
  fix: "use a volume of the stack; secrets come through uploads",
  sources: ["CIS Docker 5.6"],
  reads: "Container.volumes, mounts, devices",
  findFaults: (container) => hostPaths(container).map((path) => `${path} of the host is mounted`),
});
