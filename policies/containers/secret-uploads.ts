import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";

/** A file that is put below /run/secrets is marked as a secret. */
export const secretUploads: Rule = containerRule({
  id: "uploaded-secrets-are-marked",
  level: "mandatory",
  must: "a file that is put below /run/secrets is marked as a secret",
  why: "unmarked, Pulumi's state and previews hold it in the open",
  fix: "wrap the content in pulumi.secret, or take it from components/secret.ts",
  sources: [],
  reads: "Container.uploads, with what the program marked as secret",
  readsMarks: true,
  findFaults: (container) =>
    container.read("uploads").items.flatMap((upload) => {
      const file = upload.at("file").word;
      const marked = upload.secret || upload.at("content").secret || container.read("uploads").secret;
      return file.startsWith("/run/secrets/") && !marked && upload.at("content").present
        ? [`${file} is not marked as a secret`]
        : [];
    }),
});
