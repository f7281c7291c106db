import type { z } from "zod";

const KINDS: { readonly [expected: string]: string } = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a group of settings",
  string: "text",
};

/** What is wrong with a setting, as sentences `<setting>: <what is allowed>; got <value>`. */
export function sentences(issue: z.core.$ZodIssue, settings: unknown): string[] {
  const at = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${[...issue.path, key].join(".")}: is not a setting; look for a typing error`);
  }
  const value = valueAt(settings, issue.path);
  if (value === undefined)
    return [`${at}: ${issue.code === "custom" ? issue.message : `is missing (${allowed(issue)})`}`];
  return [
    `${at}: ${issue.code === "invalid_type" ? `must be ${allowed(issue)}` : allowed(issue)}; got ${JSON.stringify(value)}`,
  ];
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "too_small":
      return issue.origin === "array" ? `must hold ${issue.minimum} or more` : `must be ${issue.minimum} or more`;
    case "too_big":
      return `must be ${issue.maximum} or less`;
    default:
      return issue.message;
  }
}

function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as { [key: PropertyKey]: unknown } | undefined)?.[key], settings);
}
