/** What is empty is the default; saying so only hides what isn't. */
export function withoutEmpty(definition: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => !isEmpty(value)));
}

/** Compose interpolates every `$`; ours are literal, but for the variables of a file made for hands. */
export function escapeDollars(value: unknown, keepVariables: boolean): unknown {
  if (typeof value === "string") return keepVariables && value.includes("${") ? value : value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map((inner) => escapeDollars(inner, keepVariables));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeDollars(inner, keepVariables)]));
  }
  return value;
}
