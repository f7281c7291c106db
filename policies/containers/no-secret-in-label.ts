import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";
import { secretIn } from "./secret.ts";

/** No label holds a secret. */
export const noSecretInLabel: Rule = containerRule({
  id: "no-secret-in-a-label",
  level: "mandatory",
  must: "no label holds a secret",
  why: "labels are shown by every listing of containers",
  fix: "give it as a file: `secrets` of components/service.ts",
  sources: [],
  reads: "Container.labels, with what the program marked as secret",
  findFaults: (container) =>
    container.read("labels").items.flatMap((item) => {
      const [label, value] = [item.at("label").word, item.at("value")];
      if (item.secret || value.secret) return [`label ${label} is marked as a secret`];
      // A digest of a secret is how a label tells that it changed.
      const fault = secretIn(label.replace(/^odoo-platform\.secrets$/, ""), value.word);
      return fault === undefined ? [] : [`label ${label} ${fault}`];
    }),
});
