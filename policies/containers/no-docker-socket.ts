import type { Rule } from "../rule.ts";
import { containerRule, hostPaths } from "./container.ts";

/** No container sees the Docker socket. */
export const noDockerSocket: Rule = containerRule({
  id: "containers-see-no-docker-socket",
  level: "mandatory",
  must: "no container sees the Docker socket",
  why: "whoever writes to the socket is root on the host",
  fix: "remove the mount; what needs facts of the Engine gets them from outside",
  sources: ["CIS Docker 5.32"],
  reads: "Container.volumes, mounts, devices",
  findFaults: (container) =>
    hostPaths(container)
      .filter((path) => /(docker|containerd|podman|crio)\.sock$/.test(path) || /^\/(var\/)?run\/?$/.test(path))
      .map((path) => `${path} gives the Docker socket away`),
});
