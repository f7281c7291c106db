import { odooConnections } from "../components/connections.ts";
import { Edge, hostsOf, mayServeStatus, urlOf } from "../components/edge.ts";
import { Images } from "../components/images.ts";
import { MailCatcher, type MailRoute, type MailSettings, relayPassword, settleMail } from "../components/mail.ts";
import { Monitoring } from "../components/monitoring/monitoring.ts";
import { Mcp } from "../components/mcp.ts";
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
import { readConfig } from "./config.ts";
import { imageSources } from "./image-sources.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import type { StackOutputs } from "./outputs.ts";
import { partsOf, sitesOf } from "./parts.ts";
import { asksElsewhere, identityOf, people } from "./people.ts";
import { signersFor } from "./signers.ts";

/** What a stack records that takes backups. */
const TAKEN = ["backups", "heartbeat"] as const;

/** The whole system, in dependency order: configuration, images, networks, database, Odoo, the way in, the verdicts. */
export function program(inputs: Inputs = readInputs()): StackOutputs {
  const { project, stack } = inputs;
  const whole = readConfig(project, stack, inputs.config);
  const { requirePhase, policyExceptions, ...config } = whole;
  const prefix = `${project}-${stack}`;
  const sites = sitesOf(whole);
  const hosts = hostsOf({ domain: config.domain, sites });
  const urls = Object.fromEntries(
    Object.entries(hosts).map(([site, host]) => [site, urlOf(config.edge, host)]),
  ) as StackOutputs["urls"];

  const images = new Images("images", {
    project,
    ...imageSources(config.images, inputs),
    parts: [...backupImages(config), ...partsOf(whole)],
    contentHashes: inputs.imageHashes,
  });

  const publicNetwork = new Network("public", { prefix, internal: false });
  const egressNetwork =
    config.odoo.egress || asksElsewhere(config) ? new Network("egress", { prefix, internal: false }) : undefined;
  const edgeNetwork = new Network("edge", { prefix, internal: true });
  const dataNetwork = new Network("data", { prefix, internal: true });
  const mailSettings = settleMail({ stage: config.stage, domain: config.domain, ...config.mail });
  const mailNetwork = mailSettings?.caught === true ? new Network("mail", { prefix, internal: true }) : undefined;
  const monitoringNetwork = config.monitoring.enabled
    ? new Network("monitoring", { prefix, internal: true })
    : undefined;

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
    archive: backed?.archive,
  });

  const mail = mailSettings === undefined ? undefined : routeOf(mailSettings, mailNetwork);
  const catcher =
    mailNetwork === undefined
      ? undefined
      : new MailCatcher("mail-catcher", {
          prefix,
          image: images.ref("mail-catcher"),
          mail: mailNetwork,
          edge: edgeNetwork,
        });

  const identity = identityOf({
    ...{ prefix, config, urls, images, postgres },
    ...{ edge: edgeNetwork, data: dataNetwork },
  });
  const { held } = inputs;
  const odooImage = held?.image ?? images.ref("odoo");
  const odoo = new Odoo("odoo", {
    prefix,
    image: odooImage,
    postgres,
    edge: edgeNetwork,
    data: dataNetwork,
    mail,
    ...config.odoo,
    ...(held === undefined ? {} : { modules: held.modules, heldBecause: held.because }),
    egress: config.odoo.egress ? egressNetwork : undefined,
    signOn: config.odoo.egress || !asksElsewhere(config) ? identity : undefined,
    stage: config.stage,
    url: urls.odoo,
    protectData: config.protectData,
  });

  const mcp = config.mcp.enabled
    ? new Mcp("mcp", {
        prefix,
        image: images.ref("mcp"),
        odooImage,
        postgres,
        odoo,
        edge: edgeNetwork,
        data: dataNetwork,
        ...config.mcp,
        host: new URL(urls.mcp ?? "").host,
      })
    : undefined;

  const known = people({
    ...{ prefix, config, urls, images, postgres, odoo, identity },
    ...{ edge: edgeNetwork, data: dataNetwork, egress: egressNetwork },
  });

  const edge = new Edge("edge", {
    prefix,
    image: images.ref("edge"),
    edge: edgeNetwork,
    public: publicNetwork,
    monitoring: monitoringNetwork,
    odoo,
    domain: config.domain,
    sites,
    ...config.edge,
    moreNetworks: known.edgeNetworks,
    openStatus: mayServeStatus(config.stage, config.edge.bindAddress),
    shellFrom: config.shell.from,
  });

  const backup = backed?.take({ postgres, odoo, recordings: known.recordings });

  const monitoring =
    monitoringNetwork === undefined
      ? undefined
      : new Monitoring("monitoring", {
          ...{ prefix, stack, stage: config.stage, image: images.ref("monitoring") },
          monitoring: monitoringNetwork,
          data: dataNetwork,
          // Elsewhere alerts stay in the stack, as all mail does.
          egress: config.stage === "production" ? egressNetwork : undefined,
          ...{ mail, postgres, edge, hosts, urls, tls: config.edge.tls, database: config.odoo.database },
          ...config.monitoring,
          // Who takes backups is missed when none come.
          expects: [...config.monitoring.expects, ...(backup === undefined ? [] : TAKEN)],
        });

  const settings: SystemSettings = {
    stage: config.stage,
    images: images.settings,
    networks: [
      ...[
        publicNetwork,
        egressNetwork,
        edgeNetwork,
        dataNetwork,
        ...(backed?.networks ?? []),
        mailNetwork,
        monitoringNetwork,
        ...known.networks,
      ],
    ].flatMap((network) => network?.settings ?? []),
    postgres: postgres.settings,
    odoo: odoo.settings,
    edge: edge.settings,
    sla: config.sla,
    ...(config.promotion === undefined ? {} : { promotion: config.promotion }),
    ...(config.previews === undefined ? {} : { previews: config.previews }),
    ...known.settings,
    ...(backed === undefined ? {} : { vault: backed.vault.settings }),
    ...(backup === undefined ? {} : { backup: backup.settings }),
    ...(monitoring === undefined ? {} : { monitoring: monitoring.settings }),
    ...(mcp === undefined ? {} : { mcp: mcp.settings }),
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
        ...(backed?.services ?? []),
        ...[postgres.service, postgres.init, odoo.init, odoo.service, edge.service],
        ...(backup === undefined ? [] : [backup.service]),
        ...(catcher === undefined ? [] : [catcher.service]),
        ...(monitoring?.services ?? []),
        ...(mcp === undefined ? [] : [mcp.key, mcp.odoo, mcp.sql, mcp.service]),
        ...known.services,
      ],
      prefix,
    ),
    adminPassword: odoo.adminPassword.value,
    ...{ phase0, phase1, phase2, phase3, phase4, phase5, phase6, phase7 },
    overall: overall(phases),
    gate: facts,
  };
}

/** How parts of the stack send mail. */
function routeOf(settings: MailSettings, network: Network | undefined): MailRoute {
  const password = relayPassword(settings);
  return { settings, ...(network === undefined ? {} : { network }), ...(password === undefined ? {} : { password }) };
}

type Verdict = StackOutputs["phase0"];
type PhaseTuple = [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict];

function containerNames(
  services: readonly { readonly settings: { readonly service: string } }[],
  prefix: string,
): Record<string, string> {
  return Object.fromEntries(services.map(({ settings: { service } }) => [service, `${prefix}-${service}`]));
}
