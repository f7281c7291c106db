import { appArmor } from "./containers/apparmor.ts";
import { asksNobody } from "./containers/asks-nobody.ts";
import { boundedRestart } from "./containers/bounded-restart.ts";
import { dropsAll } from "./containers/drop-all.ts";
import { edgePublishes } from "./containers/edge-publishes.ts";
import { gracefulStop } from "./containers/graceful-stop.ts";
import { healthCheck } from "./containers/health-check.ts";
import { knownImage } from "./containers/known-image.ts";
import { limitCpu } from "./containers/limit-cpu.ts";
import { limitMemory } from "./containers/limit-memory.ts";
import { listedCapabilities } from "./containers/listed-capabilities.ts";
import { lowPorts } from "./containers/low-ports.ts";
import { namedAddress } from "./containers/named-address.ts";
import { noDevices } from "./containers/no-devices.ts";
import { noDockerSocket } from "./containers/no-docker-socket.ts";
import { noHostFolders } from "./containers/no-host-folders.ts";
import { noNewPrivileges } from "./containers/no-new-privileges.ts";
import { noOverrides } from "./containers/no-overrides.ts";
import { noSecretInCommand } from "./containers/no-secret-in-command.ts";
import { noSecretInEnvironment } from "./containers/no-secret-in-environment.ts";
import { noSecretInLabel } from "./containers/no-secret-in-label.ts";
import { noSsh } from "./containers/no-ssh.ts";
import { notPrivileged } from "./containers/not-privileged.ts";
import { numericUser } from "./containers/numeric-user.ts";
import { offHostIpc } from "./containers/off-host-ipc.ts";
import { offHostNetwork } from "./containers/off-host-network.ts";
import { offHostPid } from "./containers/off-host-pid.ts";
import { openFiles } from "./containers/open-files.ts";
import { ownCgroup } from "./containers/own-cgroup.ts";
import { ownNetwork } from "./containers/own-network.ts";
import { ownVolumes } from "./containers/own-volumes.ts";
import { privateMounts } from "./containers/private-mounts.ts";
import { readOnlyRoot } from "./containers/read-only-root.ts";
import { reaps } from "./containers/reaps.ts";
import { rotatedLogs } from "./containers/rotated-logs.ts";
import { seccomp } from "./containers/seccomp.ts";
import { secretUploads } from "./containers/secret-uploads.ts";
import { seLinux } from "./containers/selinux.ts";
import { setSwap } from "./containers/set-swap.ts";
import { strictTmpfs } from "./containers/strict-tmpfs.ts";
import { userNamespace } from "./containers/user-namespace.ts";
import { databaseRole } from "./odoo/database-role.ts";
import { databaseTls } from "./odoo/database-tls.ts";
import { noDemoData } from "./odoo/demo-data.ts";
import { httpsUrl } from "./odoo/https-url.ts";
import { hidesDatabases } from "./odoo/list-db.ts";
import { masterPassword } from "./odoo/master-password.ts";
import { memoryLimits } from "./odoo/memory-limits.ts";
import { memoryFits } from "./odoo/memory.ts";
import { onTheDataNetwork } from "./odoo/off-the-socket.ts";
import { oneDatabase } from "./odoo/one-database.ts";
import { behindTheEdge } from "./odoo/proxy-mode.ts";
import { workersFit } from "./odoo/workers.ts";
import { basedByDigest } from "./pins/based-by-digest.ts";
import { noLatest } from "./pins/no-latest.ts";
import { notVulnerable } from "./pins/not-vulnerable.ts";
import { statedVersions } from "./pins/stated-versions.ts";
import { connectionsFit } from "./postgres/connections-fit.ts";
import { createDatabases } from "./postgres/create-databases.ts";
import { dataVolume } from "./postgres/data-volume.ts";
import { durable } from "./postgres/durable.ts";
import { fastStop } from "./postgres/fast-stop.ts";
import { idleTransactions } from "./postgres/idle-transactions.ts";
import { internalOnly } from "./postgres/internal-only.ts";
import { limitedRoles } from "./postgres/limited-roles.ts";
import { memoryShare } from "./postgres/memory-share.ts";
import { noRuntimeChanges } from "./postgres/no-runtime-changes.ts";
import { scramOnly } from "./postgres/scram-only.ts";
import { tlsOnly } from "./postgres/tls-only.ts";
import { exceptionsInOrder } from "./stack/exceptions.ts";
import { generatedSecrets } from "./stack/generated-secrets.ts";
import { hiddenHost } from "./stack/hidden-host.ts";
import { keptData } from "./stack/kept-data.ts";
import { loopback } from "./stack/loopback.ts";
import { names } from "./stack/names.ts";
import { openNetworks } from "./stack/open-networks.ts";
import { phasesExported } from "./stack/phases-exported.ts";
import { requiredPhases } from "./stack/required-phases.ts";
import { stagingSendsNothing } from "./stack/staging-sends-nothing.ts";
import { terms } from "./stack/terms.ts";
import { abortsUploads } from "./storage/aborts-uploads.ts";
import { accessPoints } from "./storage/access-points.ts";
import { copyElsewhere } from "./storage/copy-elsewhere.ts";
import { encrypted } from "./storage/encrypted.ts";
import { hasLifecycle } from "./storage/has-lifecycle.ts";
import { kept } from "./storage/kept.ts";
import { keyRegion } from "./storage/key-region.ts";
import { lockMode } from "./storage/lock-mode.ts";
import { lockWithinRetention } from "./storage/lock-within-retention.ts";
import { locked } from "./storage/locked.ts";
import { logBucket } from "./storage/log-bucket.ts";
import { logged } from "./storage/logged.ts";
import { namedPrincipals } from "./storage/named-principals.ts";
import { noAcls } from "./storage/no-acls.ts";
import { noLockout } from "./storage/no-lockout.ts";
import { noPublicAcl } from "./storage/no-public-acl.ts";
import { noWebsite } from "./storage/no-website.ts";
import { notifies } from "./storage/notifies.ts";
import { objectKeys } from "./storage/object-keys.ts";
import { publicAccess } from "./storage/public-access.ts";
import { replicaApart } from "./storage/replica-apart.ts";
import { retentionFloor } from "./storage/retention-floor.ts";
import { bucketTls } from "./storage/tls-only.ts";
import { versioned } from "./storage/versioned.ts";
import { writers } from "./storage/writers.ts";
import type { Rule } from "./rule.ts";

/** Every rule, in the order in which findings are shown. */
export const RULES: readonly Rule[] = [
  // stack
  exceptionsInOrder,
  generatedSecrets,
  hiddenHost,
  keptData,
  loopback,
  names,
  openNetworks,
  phasesExported,
  requiredPhases,
  stagingSendsNothing,
  terms,
  // containers
  appArmor,
  asksNobody,
  boundedRestart,
  dropsAll,
  edgePublishes,
  gracefulStop,
  healthCheck,
  knownImage,
  limitCpu,
  limitMemory,
  listedCapabilities,
  lowPorts,
  namedAddress,
  noDevices,
  noDockerSocket,
  noHostFolders,
  noNewPrivileges,
  noOverrides,
  noSecretInCommand,
  noSecretInEnvironment,
  noSecretInLabel,
  noSsh,
  notPrivileged,
  numericUser,
  offHostIpc,
  offHostNetwork,
  offHostPid,
  openFiles,
  ownCgroup,
  ownNetwork,
  ownVolumes,
  privateMounts,
  readOnlyRoot,
  reaps,
  rotatedLogs,
  seccomp,
  secretUploads,
  seLinux,
  setSwap,
  strictTmpfs,
  userNamespace,
  // odoo
  databaseRole,
  databaseTls,
  noDemoData,
  httpsUrl,
  hidesDatabases,
  masterPassword,
  memoryLimits,
  memoryFits,
  onTheDataNetwork,
  oneDatabase,
  behindTheEdge,
  workersFit,
  // postgres
  connectionsFit,
  createDatabases,
  dataVolume,
  durable,
  fastStop,
  idleTransactions,
  internalOnly,
  limitedRoles,
  memoryShare,
  noRuntimeChanges,
  scramOnly,
  tlsOnly,
  // pins
  basedByDigest,
  noLatest,
  notVulnerable,
  statedVersions,
  // storage
  abortsUploads,
  accessPoints,
  copyElsewhere,
  encrypted,
  hasLifecycle,
  kept,
  keyRegion,
  lockMode,
  lockWithinRetention,
  locked,
  logBucket,
  logged,
  namedPrincipals,
  noAcls,
  noLockout,
  noPublicAcl,
  noWebsite,
  notifies,
  objectKeys,
  publicAccess,
  replicaApart,
  retentionFloor,
  bucketTls,
  versioned,
  writers,
];

/** The rule with this id, or undefined. */
export function ruleById(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
