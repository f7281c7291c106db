import { z } from "zod";

/** A module in a build. */
const moduleSchema = z.object({
  module: z.string(),
  status: z.enum(["green", "yellow", "red"]),
  detail: z.string(),
  tests: z.number(),
  coverage: z.number().nullable(),
  seconds: z.number(),
});

/** A build of one commit, from its beginning on. */
export const buildSchema = z.object({
  /** Its beginning and its commit, such as `20260301T120000-1f2e3d4c`: names sort by time. */
  id: z.string().regex(/^\d{8}T\d{6}-[0-9a-f]{8}$/),
  branch: z.string(),
  /** 40 hexadecimal digits. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  subject: z.string(),
  author: z.string(),
  status: z.enum(["running", "green", "yellow", "red"]),
  startedAt: z.string(),
  /** Null while it runs. */
  endedAt: z.string().nullable(),
  /** One sentence. */
  detail: z.string(),
  modules: z.array(moduleSchema),
  /** The process that builds, as engine/lock.ts names it. */
  process: z.string(),
});

export type Build = z.output<typeof buildSchema>;

/** A build's verdict from those of its modules: the worst. One that touches no module is green. */
export function verdictOf(modules: readonly Pick<Build["modules"][number], "status">[]): "green" | "yellow" | "red" {
  const has = (status: string) => modules.some((module) => module.status === status);
  return has("red") ? "red" : has("yellow") ? "yellow" : "green";
}

/** Share of the modules' code that ran, weighted by nothing but their number; null where none was measured. */
export function coverageOf(modules: readonly Pick<Build["modules"][number], "coverage">[]): number | null {
  const measured = modules.flatMap(({ coverage }) => coverage ?? []);
  if (measured.length === 0) return null;
  return Math.round((measured.reduce((sum, share) => sum + share, 0) / measured.length) * 10) / 10;
}

export function buildId(commit: string, at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/[-:]/g, "")}-${commit.slice(0, 8)}`;
}
