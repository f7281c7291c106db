import { TYPES } from "../../plan/plan.ts";
import { environmentOf } from "../containers/container.ts";
import type { Subject } from "../subject.ts";
import { type Rule, when } from "../rule.ts";
import { odooRule } from "./odoo.ts";

function volumesOf(container: Subject): readonly string[] {
  return container.read("volumes").items.flatMap((volume) => volume.at("volumeName").text ?? []);
}

/** Odoo's master password is a generated secret in a file. */
export const masterPassword: Rule = odooRule({
  id: "odoo-master-password-is-generated",
  level: "mandatory",
  must: "Odoo's master password is a generated secret in a file",
  why: "the default is the word admin, and opens the database manager",
  fix: "give the service the secret odoo-master-password, as components/odoo.ts does",
  sources: ['Odoo 19 "System configuration": admin_passwd'],
  reads: "Container.volumes; Container.uploads of what shares them",
  findFaults: (container, look) => {
    const carriers = look.grouped("volumes mounted", [TYPES.container], volumesOf);
    const uploads = volumesOf(container)
      .flatMap((volume) => carriers.get(volume) ?? [])
      .flatMap((carrier) => carrier.read("uploads").items);
    const generated = uploads
      .filter((upload) => upload.at("file").text === "/run/secrets/odoo-master-password")
      .map((upload) => upload.at("content"))
      .some((content) => !["", "admin"].includes(content.word) && content.secret);
    return [
      ...when(environmentOf(container).has("ODOO_ADMIN_PASSWD"), "the master password is in the environment"),
      ...when(!generated, "no generated master password is put into a volume that it mounts"),
    ];
  },
});
