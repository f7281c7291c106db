import { z } from "zod";

const taskStatus = z.enum(["GO", "NO-GO", "PENDING"]);
const phaseStatus = z.enum(["GO", "NO-GO", "PENDING", "PARTIAL"]);

const taskVerdict = z.strictObject({
  id: z
    .string()
    .regex(/^\d\.\d+$/)
    .describe("`<phase>.<row of the master plan>`; permanent"),
  title: z.string(),
  owner: z.string().describe("the role that answers for it"),
  kind: z.enum(["artefact", "plan", "probe", "sign-off"]).describe("what decides it"),
  status: taskStatus.describe(
    "GO: holds. NO-GO: fell short, or its evidence counts for nothing. PENDING: no evidence yet",
  ),
  detail: z.string().describe("what was found, or what is missing, with the command that mends it"),
});

const phaseVerdict = z.strictObject({
  phase: z.int().min(0).max(7),
  title: z.string(),
  verdict: phaseStatus.describe(
    "GO only when all its tasks and all earlier phases are; PARTIAL: some hold, none fails",
  ),
  passed: z.int().min(0).describe("tasks that are GO"),
  total: z.int().min(0),
  tasks: z.array(taskVerdict),
});

/** What `gate --json` prints. */
export const gateReportSchema = z
  .strictObject({
    stack: z.string().min(1),
    at: z.iso.datetime().describe("when it was decided, UTC"),
    upTo: z.union([z.int().min(0).max(7), z.literal("all")]).describe("the last phase that was asked for"),
    verdict: phaseStatus.describe("on what was asked for; the exit code is 0 for GO and 1 for anything else"),
    phases: z.array(phaseVerdict).min(1),
  })
  .describe("The verdict on a stack, phase by phase: what `platform gate --json` prints");

/** The same, published: JSON Schema 2020-12. */
export function gateJsonSchema(): string {
  return `${JSON.stringify({ title: "Gate report", ...z.toJSONSchema(gateReportSchema) }, null, 2)}\n`;
}
