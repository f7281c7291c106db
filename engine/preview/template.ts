import { existsSync, readFileSync } from "node:fs";

import type Docker from "dockerode";

import { gateFacts } from "../../gates/json.ts";
import { digestOf } from "../../plan/digest.ts";
import { type Plan, textOf } from "../../plan/plan.ts";
import { askServer } from "../ask-server.ts";
import { neutralizeIn } from "../clone/neutralize.ts";
import { orAbsent, plannedContainer, prefixOf } from "../docker.ts";
import type { Say } from "../engine.ts";
import { planStack } from "../stack-plan.ts";
import { stopService } from "../start-stop.ts";
import { runHelper } from "../volume-helper.ts";
import { commitOf } from "../worktree.ts";
import { writeWhole } from "../write-whole.ts";
import { layOut } from "./lay-out.ts";
import { TEMPLATE, templateFile } from "./preview.ts";
import { runVerb } from "./run-verb.ts";

export interface TemplateArgs {
  readonly root: string;
  readonly docker: Docker;
  /** The stack that previews are made beside. */
  readonly like: string;
  /** The first of two ports that are free for it. */
  readonly httpsPort: number;
  readonly say: Say;
}

/** Volumes that hold all that a stack of Odoo is, with where its images have them, and whose they are there. */
const DATA = [
  { service: "postgres", role: "postgres-data", path: "/var/lib/postgresql", user: "999:999" },
  { service: "odoo", role: "odoo-filestore", path: "/var/lib/odoo", user: "100:101" },
] as const;

/**
 * Nobody gets in by a password, of which the world knows those of the demonstration data; and each copy makes a secret and
 * an identity of its own (docker/odoo/platform_odoo/init.py).
 */
const CLEAN = `
DELETE FROM ir_config_parameter WHERE key IN ('database.secret', 'database.uuid');
UPDATE res_users SET password = NULL;`;

/**
 * Sees to it that there is a database for previews to begin with: of what is checked out here, with Odoo's demonstration
 * data, neutralised. It is made once for a version of PostgreSQL and a set of modules; a preview updates what differs.
 */
export async function ensureTemplate(args: TemplateArgs): Promise<Plan> {
  const { root, docker, like, httpsPort, say } = args;
  const file = templateFile(root);
  const tree = await layOut({ root, like, stack: TEMPLATE, commit: await commitOf(root, "HEAD"), httpsPort });
  const plan = await planStack(TEMPLATE, { root: tree });
  const key = digestOf([textOf(plannedContainer(plan, "postgres"), "image"), gateFacts(plan).settings.odoo.modules]);
  const volume = docker.getVolume(`${prefixOf(plan)}-${DATA[0].role}`);
  const isThere = (await orAbsent(volume.inspect())) !== undefined;
  if (isThere && existsSync(file) && readFileSync(file, "utf8") === key) return plan;
  say("making the database that previews begin with");
  await runVerb(root, TEMPLATE, ["down", "--engine", "compose", "--volumes", "--yes"], say);
  await layOut({ root, like, stack: TEMPLATE, commit: await commitOf(root, "HEAD"), httpsPort });
  await runVerb(root, TEMPLATE, ["up", "--engine", "compose", "--no-verify"], say);
  await stopService(docker, plan, "odoo");
  await neutralizeIn(docker, plan, false);
  await askServer(docker, plan, CLEAN, { connect: gateFacts(plan).settings.odoo.database });
  await runVerb(root, TEMPLATE, ["down", "--engine", "compose"], say);
  writeWhole(file, key);
  return plan;
}

/** Gives a stack that has no data yet that of the template. */
export async function beginWithTemplate(docker: Docker, template: Plan, stack: string): Promise<void> {
  const prefix = `${template.project}-${stack}`;
  for (const { service, role, path, user } of DATA) {
    const { Labels } = await docker.getVolume(`${prefixOf(template)}-${role}`).inspect();
    await docker.createVolume({ Name: `${prefix}-${role}`, Labels: ownLabels(Labels, prefixOf(template), prefix) });
    await runHelper(docker, template, {
      ...{ service, user, volume: role },
      script: 'cp -a /live/. "$1/"',
      args: [path],
      mounts: [`${prefix}-${role}:${path}`],
    });
  }
}

/** Compose takes a volume for its own by its labels, and asks about one whose settings seem to be others. */
function ownLabels(labels: { readonly [name: string]: string }, from: string, to: string): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([name]) => name !== "com.docker.compose.config-hash")
      .map(([name, value]) => [name, value === from ? to : value]),
  );
}
