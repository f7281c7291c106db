import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import type Docker from "dockerode";

import { STATUS_PATH } from "../components/edge.ts";
import { gateFacts } from "../gates/json.ts";
import { statusPage } from "../gates/page.ts";
import { gateReport } from "../gates/report.ts";
import { TASKS } from "../gates/tasks.ts";
import type { Plan } from "../plan/plan.ts";
import { containerName, plannedContainer } from "./docker.ts";
import { putFiles } from "./volume-files.ts";
import { writeWhole } from "./write-whole.ts";

/** Where the builds are below the status page. */
export const BUILDS_PATH = "builds";

/** Whom the edge runs as, and who owns what it serves. */
const EDGE_USER = { uid: 1000, gid: 1000 };

export interface PublishArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  readonly now: Date;
}

/** Where the page is. */
export interface PublishedPage {
  /** Path in the project's folder. */
  readonly file: string;
  /** Absent where the stack does not serve it, or its edge is not there. */
  readonly url?: string;
}

/** Writes the status page of a stack, and hands it to the edge where that serves it. */
export async function publishStatusPage({ root, docker, plan, now }: PublishArgs): Promise<PublishedPage> {
  const facts = gateFacts(plan);
  const planned = plan.outputs["urls"] as { readonly [name: string]: string };
  const report = gateReport(TASKS, facts, now);
  const folder = statusFolder(root, plan.stack);
  const file = join(folder, "index.html");
  const hasBuilds = planned["status"] !== undefined && existsSync(join(folder, BUILDS_PATH));
  const urls = hasBuilds ? { ...planned, builds: `${planned["status"]}/${BUILDS_PATH}/` } : planned;
  writeWhole(file, statusPage({ report, tasks: TASKS.flat(), evidence: facts.evidence, urls }));
  const url = await serveStatus(docker, root, plan);
  return { file: relative(root, file), ...(url === undefined ? {} : { url }) };
}

/** Folder of the pages that a stack's edge serves as its status. */
export function statusFolder(root: string, stack: string): string {
  return join(root, ".platform", stack, "status");
}

/** Hands the pages to the edge. @returns their URL, where the stack serves them and its edge is there. */
export async function serveStatus(docker: Docker, root: string, plan: Plan): Promise<string | undefined> {
  const { status: url } = plan.outputs["urls"] as { readonly [name: string]: string };
  if (url === undefined) return undefined;
  const container = containerName(plannedContainer(plan, "edge"));
  const folder = statusFolder(root, plan.stack);
  return (await putFiles(docker, { container, path: STATUS_PATH, folder, ...EDGE_USER })) ? url : undefined;
}
