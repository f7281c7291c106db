import { PAGE_STYLE } from "./page-style.ts";

/** A whole page: no script, nothing from elsewhere, readable on a phone. */
export function pageText(title: string, body: readonly string[]): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<style>${PAGE_STYLE}</style></head><body>`,
    ...body,
    "</body></html>",
    "",
  ].join("\n");
}

/** A verdict, which is a word, so that colours are no more than a help. */
export function badge(status: string): string {
  return `<span class="status ${status}">${status}</span>`;
}

/** `2026-03-01 12:00 UTC` */
export function minutes(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** A sentence, in which backquotes mark what is to be typed. */
export function prose(sentence: string): string {
  return text(sentence).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** Text that is no markup, whatever is in it. */
export function text(plain: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return plain.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
