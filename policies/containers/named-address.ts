import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** A published port names the address that it is on; all addresses only for 80 and 443. */
export const namedAddress: Rule = containerRule({
  id: "ports-name-an-address",
  level: "mandatory",
  must: "a published port names the address that it is on; all addresses only for 80 and 443",
  why: "Docker publishes past the firewall, on every address where none is named",
  fix: "set ip to 127.0.0.1, or publish on 80 and 443",
  sources: ["CIS Docker 5.14"],
  reads: "Container.ports",
  findFaults: (container) =>
    container.read("ports").items.flatMap((port) => {
      const [ip, external] = [port.at("ip").word, port.at("external").number];
      const everywhere = ip === "" || ip === "0.0.0.0" || ip === "::";
      const web = external === 80 || external === 443;
      return when(
        ip === "" || (everywhere && !web),
        `port ${external ?? "chosen by Docker"} is published on ${ip === "" ? "no named address" : ip}`,
      );
    }),
});
