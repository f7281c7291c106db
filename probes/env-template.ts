import { planFiles } from "../engine/generated.ts";
import { findDifference, readText } from "./compose-files.ts";
import { fromFaults, type Probe } from "./probe.ts";

const TEMPLATE = ".env.example";
const COMPOSE = "docker-compose.yml";
const OVERLAY = "docker-compose.shell.yml";
/** Compose's own variable: the files that it reads. */
const FILES = "COMPOSE_FILE";

/** .env.example names both Compose files, and every variable that they read, with the same default, and no other. */
export const envTemplate: Probe = {
  task: "2.2",
  ttlDays: 30,
  needs: "repository",
  measure: async ({ root }) => {
    const template = readText(root, TEMPLATE);
    const read = variablesRead([COMPOSE, OVERLAY].map((path) => readText(root, path) ?? "").join("\n"));
    read.set(FILES, `${COMPOSE}:${OVERLAY}`);
    const named = variablesNamed(template ?? "");
    const faults = [
      ...findVariableFaults(read, named),
      ...findDifference(TEMPLATE, template, (await planFiles(root))[TEMPLATE]),
    ];
    return fromFaults(faults, {
      measured: { read: [...read.keys()].sort(), named: [...named.keys()].sort() },
      limit: "the same variables with the same defaults",
      held: `${TEMPLATE} names all ${read.size} variables of ${COMPOSE} and ${OVERLAY}, and nothing else`,
    });
  },
};

/** Variables that a Compose file reads, with their defaults. `$$` is a literal dollar. */
export function variablesRead(compose: string): Map<string, string> {
  const found = [
    ...compose.replaceAll("$$", "").matchAll(/\$(?:\{([A-Za-z_]\w*)(?::?[-?+]([^}]*))?\}|([A-Za-z_]\w*))/g),
  ];
  return new Map(found.map(([, name, fallback = "", short]) => [name ?? short ?? "", fallback]));
}

/** Variables that an .env file sets, with their values. */
export function variablesNamed(template: string): Map<string, string> {
  return new Map([...template.matchAll(/^([A-Za-z_]\w*)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
}

/** Variables that one of the two lacks, or gives another value. */
export function findVariableFaults(read: ReadonlyMap<string, string>, named: ReadonlyMap<string, string>): string[] {
  const unnamed = [...read.keys()].filter((name) => !named.has(name));
  const unread = [...named.keys()].filter((name) => !read.has(name));
  const differing = [...read]
    .filter(([name, value]) => named.has(name) && named.get(name) !== value)
    .map(([name]) => name);
  return [
    ...(unnamed.length === 0 ? [] : [`${TEMPLATE} does not name ${unnamed.join(", ")}`]),
    ...(unread.length === 0 ? [] : [`${COMPOSE} does not read ${unread.join(", ")}`]),
    ...(differing.length === 0 ? [] : [`${TEMPLATE} and ${COMPOSE} give other defaults to ${differing.join(", ")}`]),
  ];
}
