import { isSupported } from "../engine/compose-cli.ts";
import { isAtLeast } from "../engine/version.ts";
import { composeOf, findComposeFault } from "./compose.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** Oldest API of the Engine that everything here was tried with: that of Docker 20.10. */
const LEAST_API = "1.41";

/** The Engine answers this user with an API that is new enough, and Compose reads the very file that the repository has. */
export const dockerCli: Probe = {
  task: "2.3",
  ttlDays: 30,
  needs: "machine",
  measure: async ({ docker, root, plan }) => {
    const [{ Version: version, ApiVersion: api }, cli] = await Promise.all([
      docker.version(),
      composeOf({ docker, root, plan }),
    ]);
    // In turn: one name, one run.
    const composeVersion = (await cli.run(["version", "--short"])).output.trim().split("\n").at(-1)?.trim() ?? "";
    const refused = await findComposeFault(cli, "docker-compose.yml");
    const faults = findCliFaults({ version, api, compose: cli.description, composeVersion, refused });
    return fromFaults(faults, {
      measured: { engine: version, api, compose: cli.description, composeVersion },
      limit: { api: LEAST_API, composeVersion: "2.20" },
      held: `Docker Engine ${version} answers, and ${cli.description} (${composeVersion}) reads docker-compose.yml`,
    });
  },
};

/** What the Engine and Compose answered. */
export interface CliFacts {
  readonly version: string;
  /** Version of the Engine's API. */
  readonly api: string;
  readonly compose: string;
  readonly composeVersion: string;
  /** What Compose said against the file. */
  readonly refused: string | undefined;
}

export function findCliFaults({ version, api, compose, composeVersion, refused }: CliFacts): string[] {
  const found = composeVersion === "" ? "of no version" : composeVersion;
  return [
    ...(isAtLeast(api, LEAST_API)
      ? []
      : [`Docker Engine ${version} speaks API ${api}; ${LEAST_API} or newer is needed`]),
    ...(isSupported(composeVersion) ? [] : [`${compose} is ${found}; 2.20 or newer is needed`]),
    ...(refused === undefined ? [] : [refused]),
  ];
}
