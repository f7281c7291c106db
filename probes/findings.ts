/** What a stack is found to be, at one time. */
export interface Survey {
  readonly stack: string;
  /** This machine's clock, ISO 8601. */
  readonly at: string;
  /** The Docker Engine's clock; absent where it doesn't tell. */
  readonly engineAt?: string;
  readonly containers: readonly ContainerState[];
  readonly certificates: readonly CertificateState[];
  readonly volumes: readonly VolumeState[];
  /** Times that were written down earlier: none can lie ahead. */
  readonly records: readonly { readonly what: string; readonly at: string }[];
}

export interface ContainerState {
  readonly service: string;
  readonly name: string;
  /** `absent` where there is none. */
  readonly state: string;
  readonly job: boolean;
  readonly exitCode?: number;
  readonly health?: string;
  readonly image?: string;
  readonly memoryMiB?: number;
  readonly limitMiB: number;
}

export interface CertificateState {
  readonly what: string;
  readonly validFrom?: string;
  readonly validTo?: string;
  /** Why it could not be read. */
  readonly fault?: string;
  /** Command that makes a new one. */
  readonly mend: string;
  /** Days before its end from which its maker would have renewed it. */
  readonly renewedDaysBefore: number;
}

export interface VolumeState {
  readonly volume: string;
  readonly container: string;
  readonly image: string;
  readonly path: string;
  /** `uid:gid` of the volume's root, and of the container's user. */
  readonly owner: string;
  readonly user: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Two clocks may differ by this. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** What is wrong with a stack, one sentence each, with the command that mends it. Pure. */
export function findFindings(survey: Survey): string[] {
  const now = Date.parse(survey.at);
  return [
    ...clockFindings(survey, now),
    ...containerFindings(survey),
    ...survey.volumes.flatMap(volumeFindings),
    ...survey.certificates.flatMap((certificate) => certificateFindings(certificate, now)),
  ];
}

function containerFindings({ stack, containers }: Survey): string[] {
  const up = `run \`npm run platform -- up --stack ${stack}\``;
  if (containers.every(({ state }) => state === "absent")) return [`stack ${stack} is not up; ${up}`];
  return containers.flatMap(({ service, name, state, job, exitCode, health }) => {
    const logs = `read \`npm run platform -- logs ${service} --stack ${stack}\``;
    if (state === "absent") return [`${name} is missing; ${up}`];
    if (job)
      return state === "exited" && exitCode === 0
        ? []
        : [`the job ${service} is ${state}${exitCode === undefined ? "" : ` with exit code ${exitCode}`}; ${logs}`];
    if (state !== "running") return [`${service} is ${state}; ${logs}, then ${up}`];
    return health === "healthy" ? [] : [`${service} is ${health ?? "without a health check"}; ${logs}`];
  });
}

function volumeFindings({ volume, container, image, path, owner, user }: VolumeState): string[] {
  if (owner === user) return [];
  return [
    `volume ${volume} (${path} in ${container}) belongs to ${owner}, not to ${user}, who must write it; run \`docker run --rm --user 0 --network none --entrypoint chown --volume ${volume}:/data ${image} -R ${user} /data\``,
  ];
}

function certificateFindings(
  { what, validFrom, validTo, fault, mend, renewedDaysBefore }: CertificateState,
  now: number,
): string[] {
  if (fault !== undefined || validFrom === undefined || validTo === undefined)
    return [`the certificate of ${what} can't be read: ${fault ?? "it has no dates"}`];
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  if (now > to) return [`the certificate of ${what} expired at ${new Date(to).toISOString()}; run \`${mend}\``];
  if (now < from)
    return [
      `the certificate of ${what} is valid from ${new Date(from).toISOString()} only; set this machine's clock, or run \`${mend}\``,
    ];
  if (now > to - renewedDaysBefore * DAY_MS)
    return [`the certificate of ${what} ends at ${new Date(to).toISOString()} and was not renewed; run \`${mend}\``];
  return [];
}

/**
 * A clock that is off: against the Docker Engine's, where that is another machine, and against what was written down
 * before. A clock that runs ahead on the very machine of the Engine can't be told from here; certificates expire then.
 */
function clockFindings({ at, engineAt, records }: Survey, now: number): string[] {
  const mend = "set it, for example with `timedatectl set-ntp true`";
  const drift = engineAt === undefined ? 0 : Date.parse(engineAt) - now;
  const ahead = records.filter((record) => Date.parse(record.at) > now + CLOCK_TOLERANCE_MS);
  const newest = ahead.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  return [
    ...(Math.abs(drift) > CLOCK_TOLERANCE_MS
      ? [
          `this machine's clock says ${at}, the Docker Engine's ${engineAt ?? ""}: one of them is wrong by ${span(drift)}; ${mend}`,
        ]
      : []),
    ...(newest === undefined
      ? []
      : [
          `this machine's clock says ${at}, but ${newest.what} is of ${newest.at}, ${span(Date.parse(newest.at) - now)} later: the clock is or was wrong; ${mend}`,
        ]),
  ];
}

/** A length of time in its largest unit. */
export function span(milliseconds: number): string {
  const minutes = Math.round(Math.abs(milliseconds) / MINUTE_MS);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / (24 * 60))} days`;
}
