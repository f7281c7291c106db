import type { Command } from "commander";

import { connectDocker } from "../engine/docker.ts";
import { planStack } from "../engine/stack-plan.ts";
import { projectRoot, type StackOptions, withStack } from "./context.ts";

export function register(command: Command): void {
  withStack(command)
    .option("--json", "the record, for programs")
    .addHelpText(
      "after",
      "\nHolds what Prometheus and the newest drill measured against what was agreed (`sla` in Pulumi.<stack>.yaml), and writes\nevidence/<stack>/records/sla.json with a page for people. Exit code 0 when every term is met, 1 when one is not: then\nnobody can sign it (task 6.4).\n\nExample:\n  npm run platform -- sla --stack prod",
    )
    .action(async ({ stack, json = false }: StackOptions) => {
      const [{ slaFacts }, { composeSla }, { writeRecord }, { recordMarkdown }] = await Promise.all([
        import("../probes/sla-facts.ts"),
        import("../gates/records/sla.ts"),
        import("../probes/record-store.ts"),
        import("../gates/records/markdown.ts"),
      ]);
      const root = projectRoot();
      const now = new Date();
      const record = composeSla(await slaFacts(connectDocker(), await planStack(stack, { root }), now), now);
      const page = writeRecord(root, record);
      process.stdout.write(json ? `${JSON.stringify(record, null, 2)}\n` : recordMarkdown(record));
      const met = record.terms.every((term) => term.met);
      process.stderr.write(
        met
          ? `Written to ${page}. Sign it with \`npm run platform -- evidence sign --stack ${stack} --task 6.4 …\`.\n`
          : `Written to ${page}: ${record.terms.flatMap(({ term, met }) => (met ? [] : [term])).join(", ")} not met.\n`,
      );
      if (!met) process.exitCode = 1;
    });
}
