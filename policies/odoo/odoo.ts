import { containerRule, environmentOf, imageName, runs } from "../containers/container.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";

/** A rule about the containers that run Odoo, services and jobs, told by their image. */
export function odooRule(rule: Omit<Rule, "types">): Rule {
  return containerRule({
    ...rule,
    findFaults: (container, look) => (isOdoo(container) ? rule.findFaults(container, look) : []),
  });
}

/** True for a container that runs Odoo; one that only carries its secrets doesn't. */
export function isOdoo(container: Subject): boolean {
  return /^odoo(-|$)/.test(imageName(container)) && runs(container);
}

/** What a container of Odoo's image may do besides serving: one process, a few connections. */
const SMALL_WORK = ["init", "keep-key"];

/** True for the one that answers web requests, rather than a job or the keeper of a key. */
export function serves(container: Subject): boolean {
  return !SMALL_WORK.includes(container.read("command").texts[0] ?? "");
}

/** A number in the environment. Throws where it is none: a setting that can't be read is not a good one. */
export function numberIn(container: Subject, variable: string): number {
  const text = environmentOf(container).get(variable) ?? "";
  if (!/^\d+$/.test(text))
    throw new TypeError(`${variable} must be a whole number; got ${text === "" ? "nothing" : text}`);
  return Number(text);
}

/** Processes that open connections: web workers, cron workers, the websocket process and the one that starts them. */
export function processesOf(container: Subject): number {
  return numberIn(container, "ODOO_WORKERS") + numberIn(container, "ODOO_CRON_WORKERS") + 2;
}
