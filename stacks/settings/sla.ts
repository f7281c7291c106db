import { z } from "zod";

/** What was agreed with those who use the stack, and what `sla` measures it against. */
export const sla = z.strictObject({
  /** What is looked back on: minutes, hours or days, for which Prometheus must have measured. @default "30d" */
  window: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, "must be a number of minutes, hours or days, such as 30d")
    .default("30d"),
  /** Share of the time for which Odoo answers through the edge. @default 99.5 */
  availabilityPercent: z.number().min(90).max(100).default(99.5),
  /** Time within which 95 of 100 requests are answered. @default 1000 */
  p95Milliseconds: z.int().min(50).max(60_000).default(1000),
  /** What a disaster may cost, in seconds of work (RPO). @default 300 */
  rpoSeconds: z.int().min(1).max(86_400).default(300),
  /** How long it may take to be back (RTO). @default 900 */
  rtoSeconds: z.int().min(1).max(86_400).default(900),
});
