import type { Rule } from "../rule.ts";
import { containerRule } from "./container.ts";
import { markedIn, secretIn } from "./secret.ts";

const INPUTS = ["command", "entrypoints", "healthcheck.tests"] as const;

/** No command line holds a secret. */
export const noSecretInCommand: Rule = containerRule({
  id: "no-secret-in-a-command",
  level: "mandatory",
  must: "no command line holds a secret",
  why: "every process of the host can list command lines",
  fix: "give it as a file: `secrets` of components/service.ts",
  sources: [],
  reads: "Container.command, entrypoints, healthcheck.tests, with what the program marked as secret",
  findFaults: (container) =>
    INPUTS.flatMap((input) => {
      const words = container.read(input).texts;
      const telling = words.flatMap((word, place) => {
        // `--password=x` and `--password x` are the same.
        const [, flag = "", own] = /^-{1,2}([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
        const fault = secretIn(flag.replaceAll("-", "_"), own ?? (flag === "" ? word : (words[place + 1] ?? "")));
        return fault === undefined ? [] : [`${input}: ${flag === "" ? "a word" : `--${flag}`} ${fault}`];
      });
      return [...markedIn(container, input).map(() => `${input}: a word is marked as a secret`), ...telling];
    }),
});
