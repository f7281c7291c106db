/** Oldest Docker Engine that everything here works with. */
export const LEAST_ENGINE = "20.10";

/** Is a dotted version as new as another? What follows the numbers (`+dfsg1`) doesn't count. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (/^v?([\d.]*)/.exec(text)?.[1] ?? "").split(".").map(Number);
  const [have, want] = [numbers(version), numbers(least)];
  const differs = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > (want[differs] ?? 0);
}
