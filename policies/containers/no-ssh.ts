import { type Rule, when } from "../rule.ts";
import { containerRule, imageName } from "./container.ts";

/** No container runs an SSH server. */
export const noSsh: Rule = containerRule({
  id: "containers-run-no-ssh",
  level: "mandatory",
  must: "no container runs an SSH server",
  why: "a second way in has keys and accounts that nobody rotates",
  fix: "use the web shell, or `docker exec` on the host",
  sources: ["CIS Docker 5.7"],
  reads: "Container.command, entrypoints, image, ports",
  findFaults: (container) => [
    ...[...container.read("command").texts, ...container.read("entrypoints").texts]
      .filter((word) => /(^|\/)(sshd|dropbear)$/.test(word))
      .map((word) => `its command runs ${word}`),
    ...when(/sshd|openssh|dropbear/.test(imageName(container)), `its image ${imageName(container)} is an SSH server`),
    ...when(
      container.read("ports").items.some((port) => port.at("internal").number === 22),
      "port 22 is published",
    ),
  ],
});
