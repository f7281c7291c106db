import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

/** Folders with what can't be made again. */
const DATA = ["/var/lib/postgresql", "/var/lib/odoo"];

/** In production a volume that holds the company's data is protected from deletion. */
export const keptData: Rule = {
  id: "production-data-is-protected",
  level: "mandatory",
  must: "in production a volume that holds the company's data is protected from deletion",
  why: "`pulumi destroy` of the wrong stack would take the books with it",
  fix: "set protectData to true",
  sources: [],
  reads: "Volume.name, the option protect; Container.volumes; Terms.stage",
  types: [TYPES.volume],
  findFaults: (volume, look) => {
    if (look.stage !== "production") return [];
    const holds = look.grouped("volumes with data", [TYPES.container], (container) =>
      container
        .read("volumes")
        .items.filter((mount) => DATA.includes(mount.at("containerPath").word))
        .map((mount) => mount.at("volumeName").word),
    );
    return when(holds.has(volume.read("name").word) && !volume.resource.protect, "it holds data and is not protected");
  },
};
