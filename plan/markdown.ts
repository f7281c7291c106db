/** A text as a cell of a table: one line, with nothing that Markdown or HTML would take for its own. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<>*_`[\]]/g, (character) => `\\${character}`);
}
