import { X509Certificate } from "node:crypto";

import type Docker from "dockerode";

import { containerName, serviceOf, servicesOf, orAbsent } from "../engine/docker.ts";
import { messageOf } from "../engine/fault.ts";
import { gateFacts } from "../gates/json.ts";
import { type Plan, type PlannedResource, textOf } from "../plan/plan.ts";
import { readContainerFile, statContainerPath } from "./archive.ts";
import { openContext } from "./context.ts";
import type { CertificateState, ContainerState, Survey, VolumeState } from "./findings.ts";
import { certificateOf, siteOf } from "./https.ts";

const MIB = 1024 * 1024;

export interface SurveyArgs {
  readonly root: string;
  readonly docker: Docker;
  readonly plan: Plan;
  readonly now?: Date;
}

/** Looks at a stack, running or not: containers, certificates, owners of volumes, clocks. Changes nothing. */
export async function surveyStack({ root, docker, plan, now = new Date() }: SurveyArgs): Promise<Survey> {
  const planned = servicesOf(plan);
  const found = await Promise.all(planned.map((container) => lookAt(docker, container)));
  const running = new Set(found.filter(({ state }) => state.state === "running").map(({ state }) => state.service));
  const [info, volumes, certificates] = await Promise.all([
    docker.info() as Promise<{ SystemTime?: string }>,
    Promise.all(
      planned
        .filter((container) =>
          found.some(({ state }) => state.name === containerName(container) && state.state !== "absent"),
        )
        .map((container) => ownersOf(docker, container)),
    ),
    Promise.all([edgeCertificates({ root, docker, plan, now }, running), postgresCertificate(docker, planned)]),
  ]);
  return {
    stack: plan.stack,
    at: now.toISOString(),
    ...(info.SystemTime === undefined ? {} : { engineAt: new Date(info.SystemTime).toISOString() }),
    containers: found.map(({ state }) => state).sort((a, b) => a.service.localeCompare(b.service, "en")),
    certificates: certificates.flat(),
    volumes: volumes.flat(),
    records: [
      ...gateFacts(plan).evidence.map(({ task, at }) => ({ what: `the evidence of task ${task}`, at })),
      ...found.flatMap(({ state, created }) =>
        created === undefined ? [] : [{ what: `the container ${state.name}`, at: created }],
      ),
    ],
  };
}

async function lookAt(docker: Docker, planned: PlannedResource): Promise<{ state: ContainerState; created?: string }> {
  const name = containerName(planned);
  const container = docker.getContainer(name);
  const base = {
    service: serviceOf(planned),
    name,
    job: planned.inputs["mustRun"] === false,
    limitMiB: Number(planned.inputs["memory"]),
  };
  const found = await orAbsent(container.inspect());
  if (found === undefined) return { state: { ...base, state: "absent" } };
  const { State: state, Config: config, Created: created } = found;
  const memoryMiB = state.Running ? await memoryOf(container) : undefined;
  return {
    state: {
      ...base,
      state: state.Status,
      image: config.Image,
      ...(state.Running ? {} : { exitCode: state.ExitCode }),
      ...(state.Health === undefined ? {} : { health: state.Health.Status }),
      ...(memoryMiB === undefined ? {} : { memoryMiB }),
    },
    created,
  };
}

/** Memory without what the kernel would give back, as `docker stats` shows it. */
async function memoryOf(container: Docker.Container): Promise<number | undefined> {
  const { memory_stats: memory } = await container.stats({ stream: false, "one-shot": true });
  const details = memory.stats as { total_inactive_file?: number; inactive_file?: number } | undefined;
  if ((memory as { usage?: number }).usage === undefined) return undefined;
  return Math.round((memory.usage - (details?.total_inactive_file ?? details?.inactive_file ?? 0)) / MIB);
}

/** Owners of the volumes that a container writes. */
async function ownersOf(docker: Docker, planned: PlannedResource): Promise<VolumeState[]> {
  if (planned.inputs["mustRun"] === false) return [];
  const mounts = (planned.inputs["volumes"] ?? []) as unknown as {
    volumeName?: string;
    containerPath: string;
    readOnly?: boolean;
  }[];
  const container = containerName(planned);
  return Promise.all(
    mounts
      .filter(({ volumeName, readOnly = false }) => volumeName !== undefined && !readOnly)
      .map(async ({ volumeName = "", containerPath }) => {
        const { uid, gid } = await statContainerPath(docker, container, containerPath);
        return {
          volume: volumeName,
          container,
          image: textOf(planned, "image"),
          path: containerPath,
          owner: `${uid}:${gid}`,
          user: textOf(planned, "user"),
        };
      }),
  );
}

/** Certificates as the edge shows them; it renews its own after two thirds of their life, which may be hours. */
async function edgeCertificates(
  args: SurveyArgs & { now: Date },
  running: ReadonlySet<string>,
): Promise<CertificateState[]> {
  if (!running.has("edge")) return [];
  const { context } = openContext(args);
  const { hosts, tls } = context.settings.edge;
  const edge = servicesOf(args.plan).find((container) => serviceOf(container) === "edge");
  const mend = `docker restart ${edge === undefined ? "" : containerName(edge)}`;
  return Promise.all(
    Object.values(hosts).map(async (host) => {
      const base = { what: host, mend, renewedDaysBefore: tls === "acme" ? 7 : 0 };
      try {
        const { validFrom, validTo } = await certificateOf(await siteOf(context, host));
        return { ...base, validFrom, validTo };
      } catch (error) {
        return { ...base, fault: messageOf(error) };
      }
    }),
  );
}

/** The database server's certificate, from its volume: also where the server doesn't run. It renews it at a start. */
async function postgresCertificate(docker: Docker, planned: readonly PlannedResource[]): Promise<CertificateState[]> {
  const container = planned.find((candidate) => serviceOf(candidate) === "postgres");
  if (container === undefined) return [];
  const name = containerName(container);
  if ((await orAbsent(docker.getContainer(name).inspect())) === undefined) return [];
  const base = {
    what: "postgres",
    mend: `docker exec ${name} platform-postgres renew-certificate`,
    renewedDaysBefore: 0,
  };
  try {
    const file = await readContainerFile(docker, name, "/var/lib/postgresql/tls/server.crt");
    const { validFrom, validTo } = new X509Certificate(file);
    return [{ ...base, validFrom, validTo }];
  } catch (error) {
    return [{ ...base, fault: messageOf(error) }];
  }
}
