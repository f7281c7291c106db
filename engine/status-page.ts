import { mkdirSync, renameSync, writeFileSync } from "node:fs";
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
  const urls = plan.outputs["urls"] as { readonly [name: string]: string };
  const report = gateReport(TASKS, facts, now);
  const folder = join(root, ".platform", plan.stack, "status");
  const file = join(folder, "index.html");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.new`, statusPage({ report, tasks: TASKS.flat(), evidence: facts.evidence, urls }));
  renameSync(`${file}.new`, file);
  const page = { file: relative(root, file) };
  const url = urls["status"];
  if (url === undefined) return page;
  const container = containerName(plannedContainer(plan, "edge"));
  const served = await putFiles(docker, { container, path: STATUS_PATH, folder, ...EDGE_USER });
  return served ? { ...page, url } : page;
}
