import { containerRule, imageName, runs } from "../containers/container.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";

/** A rule about the containers that run PostgreSQL, the server and its jobs, told by their image. */
export function postgresRule(rule: Omit<Rule, "types">): Rule {
  return containerRule({
    ...rule,
    findFaults: (container, look) => (isPostgres(container) ? rule.findFaults(container, look) : []),
  });
}

/** True for a container that runs PostgreSQL; one that only carries its secrets doesn't. */
export function isPostgres(container: Subject): boolean {
  return /^postgres(-|$)/.test(imageName(container)) && runs(container);
}

/** True for the server, rather than a job. */
export function isServer(container: Subject): boolean {
  return isPostgres(container) && container.read("command").texts[0] === "serve";
}

/** Settings on the command line, `-c name=value` or `--name=value`, which win over the image's own file. */
export function settingsOf(container: Subject): ReadonlyMap<string, string> {
  const words = container.read("command").texts;
  return new Map(
    words.flatMap((word, place) => {
      const joined = words[place - 1] === "-c" ? word : (/^(?:-c|--)([a-z_-]+=.*)$/s.exec(word)?.[1] ?? "");
      const end = joined.indexOf("=");
      return end === -1 ? [] : [[joined.slice(0, end).replaceAll("-", "_"), joined.slice(end + 1)] as const];
    }),
  );
}

/** A setting that is a number. Throws where it is none. */
export function numberOf(container: Subject, setting: string): number {
  const text = settingsOf(container).get(setting) ?? "";
  if (!/^\d+$/.test(text))
    throw new TypeError(`${setting} must be a whole number; got ${text === "" ? "nothing" : text}`);
  return Number(text);
}

/** Connections that each role may open, as the job that makes roles is told. */
export function connectionLimits(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((pair) => {
        const [, role = "", limit = ""] = /^(\w+)=(\d+)$/.exec(pair) ?? [];
        if (role === "") throw new TypeError(`CONNECTION_LIMITS holds ${pair}, which is no role=number`);
        return [role, Number(limit)];
      }),
  );
}

/** Settings of the command line that weaken what the image decides, as sentences. */
export function weakened(container: Subject, refused: { readonly [setting: string]: RegExp }): readonly string[] {
  return [...settingsOf(container)]
    .filter(([setting, value]) => refused[setting]?.test(value) === true)
    .map(([setting, value]) => `${setting} is ${value}`);
}
