import { isDeepStrictEqual } from "node:util";

import { parse, stringify } from "yaml";

/**
 * What a Compose file has that another hasn't, as a file to be given to Compose after that one: together they are the first.
 *
 * Compose adds mappings and most lists of a later file to those of an earlier one; a command is replaced whole.
 *
 * @throws Error where the first lacks something of the other, which no overlay can take away.
 */
export function composeOverlay(whole: string, part: string): string {
  const added = difference(parse(whole), parse(part), "");
  return stringify(added ?? {}, { lineWidth: 0, aliasDuplicateObjects: false });
}

function difference(whole: unknown, part: unknown, path: string): unknown {
  if (isDeepStrictEqual(whole, part)) return undefined;
  if (part === undefined) return whole;
  if (isMapping(whole) && isMapping(part)) {
    const gone = Object.keys(part).filter((key) => !(key in whole));
    if (gone.length > 0) throw new Error(`no overlay can take away ${gone.map((key) => `${path}${key}`).join(", ")}`);
    return Object.fromEntries(
      Object.entries(whole).flatMap(([key, value]) => {
        const left = difference(value, part[key], `${path}${key}.`);
        return left === undefined ? [] : [[key, left]];
      }),
    );
  }
  if (Array.isArray(whole) && Array.isArray(part) && !path.endsWith(".command.")) {
    const gone = part.filter((item) => !whole.some((other) => isDeepStrictEqual(item, other)));
    if (gone.length > 0) throw new Error(`no overlay can take away ${JSON.stringify(gone)} of ${path.slice(0, -1)}`);
    return whole.filter((item) => !part.some((other) => isDeepStrictEqual(item, other)));
  }
  return whole;
}

function isMapping(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
