import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No mount is propagated between a container and the host. */
export const privateMounts: Rule = containerRule({
  id: "mounts-are-not-shared-with-the-host",
  level: "mandatory",
  must: "no mount is propagated between a container and the host",
  why: "a shared mount shows the host what the container mounts, and the other way round",
  fix: "remove propagation, or set it to private",
  sources: ["CIS Docker 5.20"],
  reads: "Container.mounts",
  findFaults: (container) =>
    container.read("mounts").items.flatMap((mount) => {
      const propagation = mount.at("bindOptions").at("propagation").text ?? "rprivate";
      return when(!/^r?private$/.test(propagation), `the mount at ${mount.at("target").text} is ${propagation}`);
    }),
});
