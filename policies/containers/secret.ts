import type { Reading, Subject } from "../subject.ts";

/** Names of settings that hold a secret, whatever the program. */
const TELLING = /(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|PGPASS)/i;

/** A path to a file that holds the secret is how it should be. */
const PATH = /^\/[\w./-]+$/;

/** Values that are keys by their shape: PEM, AWS, bearer tokens, addresses with a password in them. */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
  /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s:@]+@/i,
];

/** What makes a setting look as if it held a secret; undefined where nothing does. */
export function secretIn(name: string, value: string): string | undefined {
  if (SHAPES.some((shape) => shape.test(value))) return "holds what looks like a key or a password";
  const named = TELLING.test(name) && !/_?FILE$|_?PATH$/i.test(name);
  return named && value !== "" && !PATH.test(value) && !/^(true|false|\d{1,4})$/i.test(value)
    ? "holds a secret, by its name"
    : undefined;
}

/** Parts of a list that the program marked as secret, or all of them where the whole list is. */
export function markedIn(container: Subject, input: string): readonly Reading[] {
  const list = container.read(input);
  return list.secret ? list.items : list.items.filter((item) => item.secret);
}
