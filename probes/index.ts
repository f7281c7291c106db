import { backups } from "./backup.ts";
import { baseline } from "./baseline.ts";
import { composeFile, prodComposeFile } from "./compose-files.ts";
import { cutover } from "./cutover.ts";
import { databaseManager } from "./database-manager.ts";
import { databases } from "./databases.ts";
import { dockerCli } from "./docker-cli.ts";
import { drRunbook } from "./dr-runbook.ts";
import { edgeTls } from "./edge-tls.ts";
import { eeMapping } from "./ee-mapping.ts";
import { envTemplate } from "./env-template.ts";
import { evidenceBundle } from "./evidence-bundle.ts";
import { everyStackPlans } from "./every-stack-plans.ts";
import { finalParity } from "./final-parity.ts";
import { initRunbook } from "./init-runbook.ts";
import { login } from "./login.ts";
import { assistants } from "./mcp.ts";
import { moduleTests, ownModules } from "./module-tests.ts";
import { modules } from "./modules.ts";
import { ocaLock } from "./oca-lock.ts";
import { monitoringSchema } from "./monitoring-schema.ts";
import { neutralCopy } from "./neutral-copy.ts";
import { noWayOut } from "./no-way-out.ts";
import { ocaModules } from "./oca-modules.ts";
import { odooImage } from "./odoo-image.ts";
import { claudePage, llmsFull, llmsMap, specKit } from "./pages.ts";
import { parityScript } from "./parity-script.ts";
import { playbooks } from "./playbooks.ts";
import { postgresServer } from "./postgres-server.ts";
import type { Probe } from "./probe.ts";
import { drills, everyRegion, restoreTested } from "./restored.ts";
import { roleRights } from "./role-rights.ts";
import { previews } from "./previews.ts";
import { promotion } from "./promotion.ts";
import { runbot } from "./runbot.ts";
import { runningAsPlanned } from "./running-as-planned.ts";
import { shellSite } from "./shell-site.ts";
import { threatModel } from "./threat-model.ts";
import { webShell } from "./web-shell.ts";
import { toolchain } from "./toolchain.ts";
import { ciOdooCe, ciRunbot, docsDriftGate, llmsTxtCheck } from "./workflows.ts";

/** Every live check, in the order of its task. */
export const PROBES: readonly Probe[] = [
  specKit,
  llmsMap,
  llmsFull,
  llmsTxtCheck,
  ciRunbot,
  docsDriftGate,
  parityScript,
  claudePage,
  toolchain,
  everyStackPlans,
  composeFile,
  prodComposeFile,
  odooImage,
  backups,
  restoreTested,
  shellSite,
  threatModel,
  drRunbook,
  runningAsPlanned,
  edgeTls,
  noWayOut,
  initRunbook,
  envTemplate,
  dockerCli,
  postgresServer,
  databases,
  modules,
  roleRights,
  baseline,
  evidenceBundle,
  databaseManager,
  login,
  ocaLock,
  ocaModules,
  ownModules,
  ciOdooCe,
  eeMapping,
  moduleTests,
  promotion,
  runbot,
  everyRegion,
  webShell,
  neutralCopy,
  previews,
  assistants,
  monitoringSchema,
  drills,
  finalParity,
  cutover,
  playbooks,
];
