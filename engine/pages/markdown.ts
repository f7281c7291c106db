import { Fault } from "../fault.ts";

/**
 * The text of a section of a Markdown page, without its heading, up to the next heading of the same or a higher level.
 *
 * @throws Fault where the page has no such heading: other pages are made from it.
 */
export function sectionOf(path: string, markdown: string, heading: string): string {
  const lines = markdown.split("\n");
  const start = lines.indexOf(heading);
  if (start === -1) throw new Fault(`${path} has no heading \`${heading}\`, which generated pages are made from`);
  const level = heading.indexOf(" ");
  let fenced = false;
  const end = lines.findIndex((line, index) => {
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced;
    return index > start && !fenced && new RegExp(`^#{1,${level}} `).test(line);
  });
  return lines
    .slice(start + 1, end === -1 ? undefined : end)
    .join("\n")
    .replace(/^\n+|\s+$/g, "");
}

/** First paragraph of a Markdown page after its title, on one line; empty where there is none. */
export function leadOf(markdown: string): string {
  const isText = (block: string) => !/^(#|<!--|\||```|!\[| {4})/.test(block);
  const block = markdown
    .split(/\n{2,}/)
    .map((text) => text.replace(/^\n+/, ""))
    .map((text) => text.replace(/^# [^\n]*\n/, ""))
    .find((text) => text.trim() !== "" && isText(text));
  return (block ?? "").replace(/\s+/g, " ").trim();
}

/** First sentence of a text, on one line. */
export function firstSentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /^.*?[^.]\.(?= |$)/.exec(line)?.[0] ?? line;
}

/** A text as a cell of a table: one line, with nothing that Markdown or HTML would take for its own. */
export function cellOf(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<>*_[\]]/g, (character) => `\\${character}`);
}
