import { dirname } from "node:path";

import { documentedExports, summaryOf } from "./docstrings.ts";
import { leadOf } from "./markdown.ts";
import type { Sources } from "./page.ts";
import { readmeMap } from "./readme.ts";

/** Longest map that is still read whole; past it, folders become one line each. */
const MOST_LINES = 256;
/** Folders of fewer files than this are not worth folding; at the top, where a folder is a part of the system. */
const LEAST_FOLDED = 2;
const LEAST_FOLDED_TOP = 10;

/**
 * llms.txt, in the shape of llmstxt.org: a title, a summary, and lists of links with what each file is for. Names every
 * public file; tests, and as many folders as needed to keep it readable, as one line with the names in it.
 */
export function llmsText({ files, read }: Sources): string {
  const folders = readmeMap(read("README.md"));
  const folded = foldedFolders(files, [...folders.keys()]);
  const sections = [...new Set(files.map(topOf))];
  const order = ["", ...folders.keys()];
  const rank = (top: string) => (order.includes(top) ? order.indexOf(top) : order.length);
  sections.sort((a, b) => Number(isOptional(a)) - Number(isOptional(b)) || rank(a) - rank(b) || (a < b ? -1 : 1));
  return [
    head(read("README.md")),
    "Paths are links relative to this file. A line that ends a folder's name with / holds the files between backquotes.",
    ...sections.flatMap((top) => {
      const note = folders.get(top);
      const title = top === "" ? "Root" : `${top}${note === undefined ? "" : `: ${note}`}`;
      const own = files.filter((path) => topOf(path) === top);
      return ["", `## ${isOptional(top) ? `Optional: ${title}` : title}`, "", ...bullets(own, folded, read)];
    }),
    "",
  ].join("\n");
}

/** Every file that a map names, by its own account: links, and names between backquotes after a folder's. */
export function filesNamed(llms: string): string[] {
  return [...llms.matchAll(/^- \[[^\]]+\]\(([^)]+)\)(?:: (.*))?$/gm)].flatMap(([, path = "", rest = ""]) =>
    path.endsWith("/") ? [...rest.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => path + name) : [path],
  );
}

/**
 * llms-full.txt: the map's summary, every page of documentation, and of every source what it exports, with its comments.
 */
export function llmsFullText({ files, read }: Sources): string {
  const pages = files.filter((path) => path === "README.md" || /^docs\/.*\.md$/.test(path));
  const sources = files.filter((path) => path.endsWith(".ts") && !path.startsWith("test/"));
  const api = sources.flatMap((path) => {
    const exported = documentedExports(read(path));
    if (exported.length === 0) return [];
    const parts = exported.map(({ doc, signature }) => `${doc.replace(/^/gm, "// ").trimEnd()}\n${signature}`);
    return ["", `## ${path}`, "", "```ts", parts.join("\n\n"), "```"];
  });
  return [
    head(read("README.md")),
    ...pages.flatMap((path) => ["", `# File: ${path}`, "", read(path).trim()]),
    "",
    "# What the sources export",
    ...api,
    "",
  ].join("\n");
}

function head(readme: string): string {
  const title = /^# (.*)$/m.exec(readme)?.[1] ?? "";
  return [`# ${title}`, "", `> ${leadOf(readme)}`, ""].join("\n");
}

/** What an assistant that is short of room may leave out. */
function isOptional(top: string): boolean {
  return top === "test/" || top === "bench/";
}

function topOf(path: string): string {
  const at = path.indexOf("/");
  return at === -1 ? "" : path.slice(0, at + 1);
}

function folderOf(path: string): string {
  return dirname(path) === "." ? "" : `${dirname(path)}/`;
}

function bullets(files: readonly string[], folded: ReadonlySet<string>, read: Sources["read"]): string[] {
  const lines = files.map((path) => {
    const folder = folderOf(path);
    if (folded.has(folder)) return folder;
    const summary = verbSummary(path, read) || summaryOf(path, read(path));
    return `- [${path}](${path})${summary === "" ? "" : `: ${summary}`}`;
  });
  return [...new Set(lines)].map((line) => {
    if (line.startsWith("- ")) return line;
    const names = files.filter((path) => folderOf(path) === line).map((path) => `\`${path.slice(line.length)}\``);
    return `- [${line}](${line}): ${names.join(", ")}`;
  });
}

/** What the command line says of a verb, for a file that holds one. */
function verbSummary(path: string, read: Sources["read"]): string {
  const verb = /^cli\/([a-z]+)\.ts$/.exec(path)?.[1];
  if (verb === undefined) return "";
  const said = new RegExp(`^\\s*\\["${verb}", "([^"]+)"`, "m").exec(read("cli/main.ts"))?.[1];
  return said === undefined ? "" : `The verb \`${verb}\`: ${said}.`;
}

/** Tests, then the deepest folders, then those that the README's map has last, until the map of files is short enough. */
function foldedFolders(files: readonly string[], order: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  for (const path of files) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  const folders = [...counts.keys()].filter((folder) => folder !== "");
  const folded = new Set(folders.filter((folder) => folder.startsWith("test/")));
  const depth = (folder: string) => folder.split("/").length;
  const least = (folder: string) => (topOf(folder) === folder ? LEAST_FOLDED_TOP : LEAST_FOLDED);
  const candidates = folders
    .filter((folder) => !folded.has(folder) && (counts.get(folder) ?? 0) >= least(folder))
    .sort((a, b) => depth(b) - depth(a) || order.indexOf(b) - order.indexOf(a) || (a < b ? -1 : 1));
  // Head and a heading with its blank lines for each section, besides the bullets.
  const fixed = 6 + 3 * new Set(files.map(topOf)).size;
  const inRoot = counts.get("") ?? 0;
  const lines = () =>
    fixed + folders.reduce((sum, folder) => sum + (folded.has(folder) ? 1 : (counts.get(folder) ?? 0)), inRoot);
  for (const folder of candidates) {
    if (lines() <= MOST_LINES) break;
    folded.add(folder);
  }
  return folded;
}
