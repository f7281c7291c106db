import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { fromFaults, type Probe } from "./probe.ts";

const MODEL = "security/WEB_SHELL_THREAT_MODEL.md";
const STRIDE = {
  S: "spoofing",
  T: "tampering",
  R: "repudiation",
  I: "information disclosure",
  D: "denial of service",
  E: "elevation of privilege",
} as const;

/** A row of the model. */
export interface Threat {
  /** `S1`: the kind of threat, and a number. */
  readonly id: string;
  /** File of the test that attacks it, and its title; empty where the row names none. */
  readonly file: string;
  readonly title: string;
}

/** Every kind of threat has a row, and every row names a test that there is and that runs. */
export const threatModel: Probe = {
  task: "1.7",
  ttlDays: 30,
  needs: "repository",
  measure: ({ root }) => {
    const threats = threatsIn(readFileSync(join(root, MODEL), "utf8"));
    const faults = [...findModelFaults(threats), ...threats.flatMap((threat) => findTestFaults(root, threat))];
    const measured = {
      threats: threats.length,
      tests: new Set(threats.map(({ file, title }) => `${file} ${title}`)).size,
    };
    const held = `each of ${threats.length} threats names a test that attacks it`;
    return Promise.resolve(fromFaults(faults, { measured, limit: "every kind of threat; a test for each", held }));
  },
};

/** Rows of the model: those of its tables that begin with a letter of STRIDE and a number. */
export function threatsIn(markdown: string): Threat[] {
  return markdown.split("\n").flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, id = "", , , test = ""] = cells;
    if (!/^[STRIDE]\d+$/.test(id)) return [];
    const [, file = "", title = ""] = /^`([^`]+)` › (.+)$/.exec(test) ?? [];
    return [{ id, file, title }];
  });
}

/** Kinds of threat without a row, and rows that share a number. */
export function findModelFaults(threats: readonly Threat[]): string[] {
  const ids = threats.map(({ id }) => id);
  return [
    ...Object.entries(STRIDE).flatMap(([letter, kind]) =>
      ids.some((id) => id.startsWith(letter)) ? [] : [`${MODEL} has no threat of ${kind}`],
    ),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${MODEL} has ${id} twice`),
  ];
}

function findTestFaults(root: string, { id, file, title }: Threat): string[] {
  if (file === "") return [`${id} names no test, as \`file\` › title`];
  if (!/^test\/[\w./-]+\.test\.ts$/.test(file) || !existsSync(join(root, file)))
    return [`${id} names ${file}, which is no file of tests`];
  return findTitleFaults(readFileSync(join(root, file), "utf8"), title).map((fault) => `${id}: ${file} ${fault}`);
}

/** Why a file of tests doesn't run a test of this title. */
export function findTitleFaults(source: string, title: string): string[] {
  const skips = /\.(?:skip|todo|only|skipIf|runIf|fails)\b\s*\(/.exec(source);
  const literal = [title, title.replaceAll('"', '\\"')].map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(`\\b(?:it|test)\\(\\s*(["'\`])(?:${literal.join("|")})\\1\\s*,`).test(source);
  return [
    ...(found ? [] : [`has no test "${title}"`]),
    ...(skips === null ? [] : [`leaves tests out by ${skips[0].replace(/\s*\($/, "")}`]),
  ];
}
