import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./plans.ts";

/** A copy of what a plan is made from, to be broken. */
export interface Project {
  readonly root: string;
  /** Adds a stack that is another one, with texts of its file replaced. */
  readonly addStack: (name: string, from: string, changes: { readonly [text: string]: string }) => void;
  readonly remove: () => void;
}

export function makeProject(): Project {
  const root = mkdtempSync(join(tmpdir(), "project-"));
  const stacks = ["dev", "staging", "prod"].map((stack) => `Pulumi.${stack}.yaml`);
  for (const part of ["Pulumi.yaml", ...stacks, "docker", "components", "stacks"]) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  return {
    root,
    addStack: (name, from, changes) => {
      let text = readFileSync(join(root, `Pulumi.${from}.yaml`), "utf8");
      for (const [old, replacement] of Object.entries(changes)) {
        if (!text.includes(old)) throw new Error(`Pulumi.${from}.yaml has no ${old}`);
        text = text.replace(old, replacement);
      }
      writeFileSync(join(root, `Pulumi.${name}.yaml`), text);
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}
