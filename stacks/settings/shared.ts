import { z } from "zod";

const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Labels of letters, digits and hyphens; a last one of digits alone would make it an address. */
function isDomain(text: string): boolean {
  const labels = text.split(".");
  return text.length <= 253 && labels.every((label) => hostLabel.test(label)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** Can a public CA certify names below this domain? */
export function isPublic(domain: string): boolean {
  return domain.includes(".") && !/\.(localhost|local|internal|test|invalid)$/.test(domain);
}

/** A DNS name. */
export const domain = z
  .string()
  .refine(isDomain, "must be a DNS name in lower case, such as localhost or erp.example.com");
/** A TCP port. */
export const port = z.int().min(1).max(65535);
/** An amount of memory in MiB. */
export const mebibytes = (least: number) => z.int().min(least).max(1_048_576);
