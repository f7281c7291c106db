import { TYPES } from "../../plan/plan.ts";
import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";

/** A container mounts volumes of the plan alone, by name. */
export const ownVolumes: Rule = containerRule({
  id: "volumes-are-of-the-stack",
  level: "mandatory",
  must: "a container mounts volumes of the plan alone, by name",
  why: "a volume without a name is lost silently, and one of another stack is somebody else's data",
  fix: "register the volume, and mount it by its name",
  sources: [],
  reads: "Container.volumes, Volume.name",
  findFaults: (container, look) => {
    const known = look.grouped("volumes", [TYPES.volume], (volume) => [volume.read("name").word]);
    return container.read("volumes").items.flatMap((volume) => {
      const name = volume.at("volumeName").text;
      if (name !== undefined && known.has(name)) return [];
      return [
        `${volume.at("containerPath").text} is ${name === undefined ? "a volume without a name" : `volume ${name}, which the plan has not`}`,
      ];
    });
  },
});
