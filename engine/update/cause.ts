/** How a line goes on that names an exception of Python, after whatever the Engine puts before it. */
const EXCEPTION = /(?:^|[^\w.])([a-zA-Z_][\w.]*(?:Error|Exception|Fault|Warning): .*)$/;
const MOST_LETTERS = 800;
const FEW_LINES = 3;

/** Why a job of Odoo's failed, by the end of its log: its last exception with what it says, else its last lines. */
export function causeIn(log: string): string {
  const lines = log
    .split("\n")
    .map((line) => line.replace(/[^\x20-\x7e]+/g, " ").trimEnd())
    .filter((line) => line.trim() !== "");
  const from = lines.findLastIndex((line) => EXCEPTION.test(line));
  const words =
    from === -1 ? lines.slice(-FEW_LINES) : [EXCEPTION.exec(lines[from] ?? "")?.[1], ...lines.slice(from + 1)];
  return words.join(" ").replace(/\s+/g, " ").trim().slice(0, MOST_LETTERS);
}
