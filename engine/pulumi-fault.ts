import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { type Plan } from "../plan/plan.ts";
import { containerName, serviceOf, servicesOf } from "./docker.ts";
import { Fault, messageOf } from "./fault.ts";

/** An error that the CLI reported while it worked, without colours. */
export interface Problem {
  readonly urn: string;
  readonly message: string;
}

/** The error in an event, if it is one. */
export function problemIn({ diagnosticEvent }: EngineEvent): Problem | undefined {
  if (diagnosticEvent?.severity !== "error") return undefined;
  return { urn: diagnosticEvent.urn ?? "", message: plainText(diagnosticEvent.message) };
}

/** Pulumi marks colours as `<{%fg 1%}>`, a terminal as escape sequences. */
function plainText(text: string): string {
  return text
    .replace(/<\{%.*?%\}>/g, "")
    .replace(/\u001b\[[\d;]*m/g, "")
    .trim();
}

/** Does this error say that a container or network of the same name is there already: one that the state doesn't know? */
export function saysNameTaken(message: string): boolean {
  return /The container name "[^"]+" is already in use|network with name \S+ already exists/.test(message);
}

/** What an operation that failed means to the user, with what mends it where that is known. */
export function pulumiFault(plan: Plan, error: unknown, problems: readonly Problem[]): Fault {
  const { stack } = plan;
  const all = [...problems.map(({ message }) => message), plainText(messageOf(error))].join("\n");
  const logs = (service: string) => `\`npm run platform -- logs ${service} --stack ${stack}\``;
  const job = /Job (\S+) ended with exit code (\d+)/.exec(all);
  if (job !== null) {
    const [, service = "", code = ""] = job;
    return new Fault(
      `Job ${service} ended with exit code ${code}. Read ${logs(service)}; it runs again with the next \`npm run platform -- up --stack ${stack}\`.`,
    );
  }
  const unhealthy = problems.find(({ message }) => message.includes("container failed to be in healthy state"));
  if (unhealthy !== undefined) return neverHealthy(plan, serviceAt(plan, unhealthy.urn));
  const plugin = /plugin 'pulumi-\w+-([\w-]+)' found in the workspace(?: at version v([\d.]+))?/.exec(all);
  if (
    plugin !== null ||
    /failed to (?:load|install|download) plugin|Could not (?:automatically )?download/i.test(all)
  ) {
    const [, name = "docker", version = ""] = plugin ?? [];
    const wanted = `${name}${version === "" ? "" : ` ${version}`}`;
    return new Fault(
      `Pulumi's plugin ${wanted} is missing and could not be downloaded. Run \`pulumi plugin install resource ${wanted}\` where there is a network and copy ~/.pulumi/plugins here, or use \`--engine compose\`.`,
    );
  }
  if (/passphrase must be set/i.test(all)) {
    return new Fault(
      `Pulumi's backend encrypts secrets with a passphrase, and none is set. Set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it, then repeat the command.`,
    );
  }
  if (/incorrect passphrase/i.test(all)) {
    return new Fault(
      `The passphrase does not open the state of stack ${stack}. Set PULUMI_CONFIG_PASSPHRASE_FILE to a file with the one that it was made with, then repeat the command.`,
    );
  }
  if (/access token|pulumi login|invalid or expired|401/i.test(all) && problems.length === 0) {
    return new Fault(
      `Pulumi's backend refused the login: ${lastLine(all)}. Run \`pulumi login\`, then repeat the command.`,
    );
  }
  const telling = problems.filter(({ message }) => message !== "update failed").map((problem) => tell(plan, problem));
  const lines =
    telling.length > 0
      ? [...new Set(telling)]
      : all
          .split("\n")
          .filter((line) => line.trim() !== "")
          .slice(-6);
  return new Fault(`Pulumi could not change stack ${stack}:\n${lines.join("\n")}`);
}

/** For a container that was started but does not work. */
export function neverHealthy(plan: Plan, service: string): Fault {
  const container = servicesOf(plan).find((candidate) => serviceOf(candidate) === service);
  const name = container === undefined ? service : containerName(container);
  return new Fault(
    `Container ${name} never became healthy. Read \`npm run platform -- logs ${service} --stack ${plan.stack}\`, then repeat \`npm run platform -- up --stack ${plan.stack}\`.`,
  );
}

/** The provider repeats itself: once with its own place in the source, once as a list. */
function tell(plan: Plan, { urn, message }: Problem): string {
  const text = message.split("\n").map((line) =>
    line
      .replace(/^[\s*]+/, "")
      .replace(/^sdk-v2\/\S+ sdk\.helper_schema: /, "")
      .replace(/: provider=\S+$/, ""),
  );
  const line =
    text.find(
      (candidate) => !/errors? occurred:|^(creating|updating|deleting) urn:/.test(candidate) && candidate !== "",
    ) ?? message;
  return urn === "" ? line : `${serviceAt(plan, urn)}: ${line}`;
}

function serviceAt(plan: Plan, urn: string): string {
  const container = servicesOf(plan).find((candidate) => candidate.urn === urn);
  return container === undefined ? (urn.split("::").at(-1) ?? urn) : serviceOf(container);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
