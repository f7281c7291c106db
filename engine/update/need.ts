import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import type Docker from "dockerode";

import { gateFacts } from "../../gates/json.ts";
import { type Plan, textOf } from "../../plan/plan.ts";
import { containerName, orAbsent, plannedContainer } from "../docker.ts";
import { askServer } from "../ask-server.ts";

/** What Odoo's database needs to be what the plan says. */
export interface Need {
  /** Installed modules whose contents are others than at the last update. */
  readonly changed: readonly string[];
  /** Modules that the stack asks for and that are not installed. */
  readonly added: readonly string[];
}

/** Where docker/Dockerfile.ce19 puts the digests, and docker/odoo/platform_odoo/contents.py remembers them. */
const CONTENTS = "/opt/odoo-platform/contents.json";

const STATE = `
SELECT to_regclass('public.ir_module_module') IS NOT NULL AS initialised \\gset
\\if :initialised
SELECT json_build_object(
  'installed', (SELECT coalesce(json_agg(name), '[]') FROM ir_module_module WHERE state = 'installed'),
  'remembered', coalesce((SELECT value::json FROM ir_config_parameter WHERE key = 'platform.module_contents'), '{}'));
\\endif`;

/** Does a service run, and well? */
export async function runs(docker: Docker, plan: Plan, service: string): Promise<boolean> {
  const container = docker.getContainer(containerName(plannedContainer(plan, service)));
  return (await orAbsent(container.inspect()))?.State.Health?.Status === "healthy";
}

/**
 * What the image that is planned would change in the database that runs.
 *
 * @returns undefined where the database holds no Odoo yet, or nothing differs.
 */
export async function findNeed(docker: Docker, plan: Plan): Promise<Need | undefined> {
  const { database, modules } = gateFacts(plan).settings.odoo;
  const there = await askServer(docker, plan, "SELECT 1 FROM pg_database WHERE datname = :'db';", { db: database });
  if (there === "") return undefined;
  const said = await askServer(docker, plan, STATE, { connect: database });
  if (said === "") return undefined;
  const state = JSON.parse(said) as State;
  const need = needOf(state, { contents: await contentsOf(docker, plan), modules });
  return need.changed.length + need.added.length === 0 ? undefined : need;
}

interface State {
  readonly installed: readonly string[];
  readonly remembered: { readonly [module: string]: string };
}

/** The same rule as docker/odoo/platform_odoo/contents.py, which decides. */
export function needOf(
  { installed, remembered }: State,
  image: { readonly contents: { readonly [module: string]: string }; readonly modules: readonly string[] },
): Need {
  return {
    changed: installed
      .filter((name) => image.contents[name] !== undefined && image.contents[name] !== remembered[name])
      .sort(),
    added: image.modules.filter((name) => !installed.includes(name)),
  };
}

async function contentsOf(docker: Docker, plan: Plan): Promise<State["remembered"]> {
  const said = new PassThrough();
  const printed = text(said);
  const options = { Entrypoint: ["cat", CONTENTS], Tty: true, HostConfig: { NetworkMode: "none", AutoRemove: true } };
  await docker.run(textOf(plannedContainer(plan, "odoo"), "image"), [], said, options);
  return JSON.parse(await printed) as State["remembered"];
}
