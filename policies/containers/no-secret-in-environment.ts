import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";
import { markedIn, secretIn } from "./secret.ts";

/** No environment holds a secret. */
export const noSecretInEnvironment: Rule = containerRule({
  id: "no-secret-in-an-environment",
  level: "mandatory",
  must: "no environment holds a secret",
  why: "`docker inspect`, crash reports and every child process show it",
  fix: "give it as a file: `secrets` of components/service.ts",
  sources: [],
  reads: "Container.envs, with what the program marked as secret",
  findFaults: (container) => [
    ...markedIn(container, "envs").map((item) => `${nameOf(item.word)} is marked as a secret`),
    ...container.read("envs").items.flatMap((item) => {
      const line = item.word;
      const fault = item.secret ? undefined : secretIn(nameOf(line), line.slice(nameOf(line).length + 1));
      return fault === undefined ? [] : [`${nameOf(line)} ${fault}`];
    }),
  ],
});

function nameOf(line: string): string {
  return line.split("=")[0] ?? "";
}
