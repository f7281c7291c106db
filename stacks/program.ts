import { odooConnections } from "../components/connections.ts";
import { Edge, hostsOf, mayServeStatus, type SiteName, urlOf } from "../components/edge.ts";
import { Images } from "../components/images.ts";
import { Network } from "../components/network.ts";
import { Odoo } from "../components/odoo.ts";
import { PhaseGate } from "../components/phase-gate.ts";
import { PolicyTerms } from "../components/policy-terms.ts";
import { Postgres } from "../components/postgres.ts";
import type { GateFacts, SystemSettings } from "../gates/facts.ts";
import { TASKS } from "../gates/tasks.ts";
import { decide, overall } from "../gates/verdict.ts";
import { digestOf, withoutHostBuildArgs } from "../plan/digest.ts";
import { backupImages, backups } from "./backups.ts";
import { readConfig, type StackConfig } from "./config.ts";
import { imageSources } from "./image-sources.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import type { StackOutputs } from "./outputs.ts";
import { signersFor } from "./signers.ts";

/** The whole system, in dependency order: configuration, images, networks, database, Odoo, the way in, the verdicts. */
export function program(inputs: Inputs = readInputs()): StackOutputs {
  const { project, stack } = inputs;
  const { requirePhase, policyExceptions, ...config } = readConfig(project, stack, inputs.config);
  const prefix = `${project}-${stack}`;
  const sites = sitesOf(config);
  const hosts = hostsOf({ domain: config.domain, sites });
  const urls = Object.fromEntries(
    Object.entries(hosts).map(([site, host]) => [site, urlOf(config.edge, host)]),
  ) as StackOutputs["urls"];

  const images = new Images("images", {
    project,
    ...imageSources(config.images, inputs),
    parts: backupImages(config),
    contentHashes: inputs.imageHashes,
  });

  const publicNetwork = new Network("public", { prefix, internal: false });
  const egressNetwork = config.odoo.egress ? new Network("egress", { prefix, internal: false }) : undefined;
  const edgeNetwork = new Network("edge", { prefix, internal: true });
  const dataNetwork = new Network("data", { prefix, internal: true });

  const backed = backups({ prefix, config, image: (name) => images.ref(name) });

  const postgres = new Postgres("postgres", {
    prefix,
    image: images.ref("postgres"),
    data: dataNetwork,
    ...config.postgres,
    database: config.odoo.database,
    createDatabases: config.odoo.createDatabases,
    odooConnections: odooConnections(config.odoo),
    protectData: config.protectData,
    archive: backed?.jobs?.archive,
  });

  const odoo = new Odoo("odoo", {
    prefix,
    image: images.ref("odoo"),
    postgres,
    edge: edgeNetwork,
    data: dataNetwork,
    ...config.odoo,
    egress: egressNetwork,
    stage: config.stage,
    url: urls.odoo,
    protectData: config.protectData,
  });

  const edge = new Edge("edge", {
    prefix,
    image: images.ref("edge"),
    edge: edgeNetwork,
    public: publicNetwork,
    odoo,
    domain: config.domain,
    sites,
    ...config.edge,
  });

  const backup = backed?.jobs?.take({ postgres, odoo });

  const settings: SystemSettings = {
    stage: config.stage,
    images: images.settings,
    networks: [publicNetwork, egressNetwork, edgeNetwork, dataNetwork, backed?.jobs?.network].flatMap(
      (network) => network?.settings ?? [],
    ),
    postgres: postgres.settings,
    odoo: odoo.settings,
    edge: edge.settings,
    ...(backed === undefined ? {} : { vault: backed.vault.settings }),
    ...(backup === undefined ? {} : { backup: backup.settings }),
  };
  const facts: GateFacts = {
    stack,
    settings,
    planDigest: digestOf(withoutHostBuildArgs({ config, settings, sources: inputs.sourcesDigest })),
    files: inputs.files,
    evidence: inputs.evidence,
    signers: signersFor(config.stage, inputs),
    commit: inputs.commit,
  };
  const phases = decide(TASKS, facts, inputs.now);
  new PolicyTerms("policies", { stage: config.stage, requirePhase, exceptions: policyExceptions });
  for (const phase of phases) new PhaseGate(`phase${phase.phase}`, phase);
  const [phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7] = phases as PhaseTuple;

  return {
    stage: config.stage,
    urls,
    containers: containerNames(
      [
        ...(backed?.jobs?.services ?? []),
        ...[postgres.service, postgres.init, odoo.init, odoo.service, edge.service],
        ...(backup === undefined ? [] : [backup.service]),
      ],
      prefix,
    ),
    adminPassword: odoo.adminPassword.value,
    ...{ phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7 },
    overall: overall(phases),
    gate: facts,
  };
}

/** What the edge serves besides Odoo. */
function sitesOf({ stage, edge }: Pick<StackConfig, "stage" | "edge">): SiteName[] {
  return [...(mayServeStatus(stage, edge.bindAddress) ? (["status"] as const) : [])];
}

type Verdict = StackOutputs["phase0"];
type PhaseTuple = [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict];

function containerNames(
  services: readonly { readonly settings: { readonly service: string } }[],
  prefix: string,
): Record<string, string> {
  return Object.fromEntries(services.map(({ settings: { service } }) => [service, `${prefix}-${service}`]));
}
