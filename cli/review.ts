import type { Command } from "commander";

import { Fault, messageOf } from "../engine/fault.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

interface ReviewOptions extends StackOptions {
  readonly next?: boolean;
  readonly quarter?: string;
}

export function register(command: Command): void {
  withStack(command)
    .option("--quarter <quarter>", "which quarter, such as 2026-Q4, or last (default: the one that today lies in)")
    .option("--next", "the plan of the next iteration, instead of the review")
    .option("--json", "the record, for programs")
    .addHelpText(
      "after",
      "\nMakes a record from the plan, the evidence, the lessons and git, as they are now: evidence/<stack>/records/review.json\nor next.json, with a page for people beside it. People sign it with `evidence sign` (tasks 7.3 and 7.4); whatever is\nchanged in it afterwards takes the signature away.\n\nExamples:\n  npm run platform -- review --stack prod --quarter 2026-Q4\n  npm run platform -- review --stack prod --next",
    )
    .action(async ({ stack, next = false, quarter, json = false }: ReviewOptions) => {
      const [
        { planStack },
        { reviewFacts },
        { composeReview, quarterBefore, quarterDays, quarterOf },
        { composeNext },
        { writeRecord },
        { exceptionsOf },
        { Look },
      ] = await Promise.all([
        import("../engine/stack-plan.ts"),
        import("../probes/review-facts.ts"),
        import("../gates/records/review.ts"),
        import("../gates/records/next.ts"),
        import("../probes/record-store.ts"),
        import("../policies/exception.ts"),
        import("../policies/look.ts"),
      ]);
      if (next && quarter !== undefined) throw new Fault("--quarter is of a review; --next plans from today.", 2);
      const root = projectRoot();
      const now = new Date();
      const chosen = quarter === "last" ? quarterBefore(now) : (quarter ?? quarterOf(now));
      try {
        quarterDays(chosen);
      } catch (error) {
        throw new Fault(`--quarter: ${messageOf(error)}`, 2);
      }
      const plan = await planStack(stack, { root });
      const exceptions = exceptionsOf(new Look(plan, now, [])).map((one) => ({ ...one }));
      const facts = reviewFacts(root, plan, exceptions, now);
      const record = next ? composeNext(facts, now) : composeReview(facts, chosen, now);
      const page = writeRecord(root, record);
      const { recordMarkdown } = await import("../gates/records/markdown.ts");
      process.stdout.write(json ? `${JSON.stringify(record, null, 2)}\n` : recordMarkdown(record));
      process.stderr.write(
        `Written to ${page}. Sign it with \`npm run platform -- evidence sign --stack ${stack} --task ${next ? "7.4" : "7.3"} …\`.\n`,
      );
    });
}
