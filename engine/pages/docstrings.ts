import { basename, extname } from "node:path";

import { firstSentence, leadOf } from "./markdown.ts";

/** An exported name of a TypeScript source, with what its comment says. */
export interface DocumentedExport {
  readonly name: string;
  readonly kind: "class" | "function" | "const" | "interface" | "type";
  /** The comment's text, a line each. */
  readonly doc: string;
  /** The declaration, without a function's body or a constant's value. */
  readonly signature: string;
}

/** Every export of a source that has a comment of its own, in the source's order. */
export function documentedExports(source: string): DocumentedExport[] {
  const found = source.matchAll(
    /^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(export (?:async |abstract )*(class|function|const|interface|type) (\w+)[\s\S]*)/gm,
  );
  // Each match reaches to the end of the source, and would hide the next: look at one comment at a time.
  const [first] = found;
  if (first === undefined) return [];
  const [, comment = "", rest = "", kind, name = ""] = first;
  const one = {
    name,
    kind: kind as DocumentedExport["kind"],
    doc: textOfComment(comment),
    signature: signatureOf(rest, kind ?? ""),
  };
  return [one, ...documentedExports(rest)];
}

function textOfComment(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}

/** An interface or a type is its own documentation; of all else, what stands before the body. */
function signatureOf(declaration: string, kind: string): string {
  const lines = declaration.split("\n");
  const isLast = (line: string, index: number): boolean => {
    if (kind === "interface") return line === "}" || /\{\s*\}$/.test(line);
    if (kind === "type") return line.endsWith(";") && (index === 0 || !/^\s/.test(line) || /^ {2}\| /.test(line));
    if (kind === "const") return true;
    // Taken apart, an argument opens a brace too.
    return line.endsWith("{") && (index === 0 ? !line.endsWith("({") : /^\S/.test(line));
  };
  const end = lines.findIndex(isLast);
  const head = lines.slice(0, end === -1 ? 1 : end + 1).join("\n");
  if (kind === "interface" || kind === "type") return head;
  return kind === "const" ? head.replace(/ =(?!>).*$/, ";") : head.replace(/\s*\{$/, ";");
}

/** What a file is for, in a sentence that its own text says; empty where it says none. */
export function summaryOf(path: string, text: string): string {
  if (path.endsWith(".ts")) return summaryOfSource(path, text) || firstComment(text, "//");
  if (/\.(js|mjs|cjs)$/.test(path)) return firstComment(text, "//");
  if (path.endsWith(".md")) return firstSentence(leadOf(text));
  if (path.endsWith(".sql")) return firstComment(text, "--");
  if (path.endsWith(".py")) return firstSentence(/^(?:#.*\n)*"""([\s\S]*?)"""/.exec(text)?.[1] ?? "");
  if (basename(path) === "package.json") return (JSON.parse(text) as { description?: string }).description ?? "";
  if ([".json", ".svg", ".txt"].includes(extname(path))) return "";
  return firstComment(text, "#");
}

/** The export that the file is named after, in any order of its words; else the first class, function, or anything. */
function summaryOfSource(path: string, source: string): string {
  const exported = documentedExports(source).filter(({ doc }) => !doc.startsWith("@"));
  const wanted = wordsOf(basename(path, ".ts"));
  const chosen =
    exported.find(({ name }) => wordsOf(name) === wanted) ??
    exported.find(({ kind }) => kind === "class") ??
    exported.find(({ kind }) => kind === "function" || kind === "const") ??
    exported[0];
  return firstSentence((chosen?.doc ?? "").split(/\n\n|\n@/)[0] ?? "");
}

/** The words of a name, in any spelling, without a plural's s: equal for `image-build` and `buildImages`. */
function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[-_.]/);
  return words
    .map((word) => word.replace(/s$/, ""))
    .sort()
    .join("-");
}

/** First sentence of the first block of line comments, within the first lines of a file. */
function firstComment(text: string, mark: string): string {
  const lines = text.split("\n").slice(0, 40);
  const isComment = (line: string) => line.startsWith(`${mark} `) && !line.startsWith(`${mark}!`);
  const start = lines.findIndex(isComment);
  if (start === -1) return "";
  const end = lines.findIndex((line, index) => index > start && !isComment(line));
  const block = lines.slice(start, end === -1 ? undefined : end).map((line) => line.slice(mark.length + 1));
  return firstSentence(block.join(" "));
}
