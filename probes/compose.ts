import { type ComposeCli, findCompose } from "../engine/compose-cli.ts";
import { resourcesOf, TYPES } from "../plan/plan.ts";
import type { ProbeContext } from "./probe.ts";

let uses = 0;

/**
 * The Docker Compose that this machine would use, for reading files only.
 *
 * Each use has a name of its own: where Compose runs in a container, a second one of the same name ends the first, which
 * may be an `up` at work.
 */
export async function composeOf({
  docker,
  root,
  plan,
}: Pick<ProbeContext, "docker" | "root" | "plan">): Promise<ComposeCli> {
  const build = resourcesOf(plan, TYPES.image).find(({ name }) => name === "postgres")?.inputs["build"] as
    { args: { BASE: string } } | undefined;
  if (build === undefined)
    throw new Error(`the plan of ${plan.stack} builds no image that Compose's own could be made from`);
  uses += 1;
  const stack = `${plan.stack}-verify-${process.pid}-${uses}`;
  return findCompose({ docker, root, project: plan.project, stack, base: build.args.BASE, say: () => undefined });
}

/** What Compose itself says against a file, behind others where it is an overlay; undefined when it accepts it. */
export async function findComposeFault(cli: ComposeCli, ...files: readonly string[]): Promise<string | undefined> {
  const { exitCode, output } = await cli.run([...files.flatMap((file) => ["--file", file]), "config", "--quiet"]);
  const file = files.at(-1) ?? "";
  const last = output.trim().split("\n").at(-1) ?? "";
  return exitCode === 0 ? undefined : `Compose refuses ${file}: ${last.trim() || `exit code ${exitCode}`}`;
}
