import { type EngineProblem, remedy } from "./docker-engine.ts";
import { isSupported } from "./compose-cli.ts";
import { isAtLeast, LEAST_ENGINE } from "./version.ts";

/** `ok`: nothing to do. `warn`: works, but for less than is expected. `fail`: `up` would fail, or what runs is broken. */
export type Level = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at; the same in every run, for tools that read `--json`. */
  readonly check: string;
  readonly level: Level;
  /** What was found, in a sentence. */
  readonly finding: string;
  /** The command that mends it, or what to do where no command does. */
  readonly mend?: string;
}

/** All images built from nothing, with the stages that are thrown away. */
const BUILD_GIB = 8;
/** A day's logs, write-ahead log and attachments of a small stack. */
const RUN_GIB = 2;
const GIB = 1024 ** 3;

/** @param range `engines.node` of package.json, of the form `>=20.19` */
export function judgeNode(version: string, range: string): Finding {
  const least = range.replace(/^>=/, "");
  if (isAtLeast(version, least)) return { check: "node", level: "ok", finding: `Node ${version}` };
  return {
    check: "node",
    level: "fail",
    finding: `Node ${version} is too old; ${least} or newer is needed`,
    mend: "install a newer Node.js: your distribution's, or a version manager's",
  };
}

/** @param found as `probeEngine` answers */
export function judgeEngine(found: { version: string } | { problem: EngineProblem; detail: string }): Finding {
  const check = "docker-engine";
  if ("problem" in found) {
    const [finding, mend] = halves(remedy(found.problem, found.detail));
    return { check, level: "fail", finding, mend };
  }
  if (isAtLeast(found.version, LEAST_ENGINE))
    return { check, level: "ok", finding: `Docker Engine ${found.version} answers` };
  return {
    check,
    level: "fail",
    finding: `Docker Engine ${found.version} is too old; ${LEAST_ENGINE} or newer is needed`,
    mend: "sudo apt-get install docker.io",
  };
}

/** The platform itself speaks to the Engine; the Docker client is for people, runbooks and making Debian's base. */
export function judgeDockerCli(present: boolean): Finding {
  if (present) return { check: "docker-cli", level: "ok", finding: "the Docker client is there" };
  return {
    check: "docker-cli",
    level: "warn",
    finding:
      "there is no Docker client: runbooks use it, and so does making Debian's base where no image registry is in reach",
    mend: "sudo apt-get install docker-cli",
  };
}

export interface ComposeFacts {
  /** Version of `docker compose`, of `docker-compose`; absent where there is none. */
  readonly plugin?: string | undefined;
  readonly standalone?: string | undefined;
}

/** Which Docker Compose the Compose engine would use. A machine without one is no fault: it runs from an image. */
export function judgeCompose({ plugin, standalone }: ComposeFacts): Finding {
  const check = "compose";
  if (plugin !== undefined && isSupported(plugin)) return { check, level: "ok", finding: `docker compose ${plugin}` };
  if (standalone !== undefined && isSupported(standalone))
    return { check, level: "ok", finding: `docker-compose ${standalone}` };
  const old = plugin ?? standalone;
  return {
    check,
    level: "ok",
    finding: `Docker Compose runs from the tools image: ${old === undefined ? "there is none here" : `${old} is too old`}`,
  };
}

export interface PulumiFacts {
  readonly cli: { readonly path: string; readonly version: string } | undefined;
  /** Plugins that the program needs, as `docker-v5.2.0`, and the ones that are there. */
  readonly wanted: readonly string[];
  readonly present: readonly string[];
  /** The engine that made the stack. */
  readonly madeWith: "pulumi" | "compose" | undefined;
  readonly stack: string;
}

export function judgePulumi({ cli, wanted, present, madeWith, stack }: PulumiFacts): Finding {
  const check = "pulumi";
  if (cli === undefined) {
    if (madeWith !== "pulumi")
      return { check, level: "ok", finding: "no Pulumi CLI: stacks are brought up with Docker Compose" };
    return {
      check,
      level: "fail",
      finding: `stack ${stack} was made with Pulumi, whose CLI is gone (looked on PATH and in ~/.pulumi)`,
      mend: "install the Pulumi CLI again, as Pulumi's documentation says",
    };
  }
  const missing = wanted.filter((plugin) => !present.includes(plugin));
  const found = `Pulumi ${cli.version} at ${cli.path}`;
  if (missing.length === 0) return { check, level: "ok", finding: found };
  return {
    check,
    level: "warn",
    finding: `${found}, without the plugins ${missing.join(", ")}: the first deployment downloads them`,
    mend: missing.map((plugin) => `pulumi plugin install resource ${plugin.replace("-v", " ")}`).join(" && "),
  };
}

export interface ImageSourceFacts {
  /** As configured. */
  readonly source: "auto" | "registry" | "debian";
  readonly registry: { readonly inReach: true } | { readonly inReach: false; readonly why: string };
  /** Images of the stack that have to be built. */
  readonly missing: readonly string[];
  /** What keeps Debian's base from being made here; absent where it is there or can be made. */
  readonly obstacle?: string | undefined;
  readonly stack: string;
}

/** Can every image that isn't there be had? */
export function judgeImageSource({ source, registry, missing, obstacle, stack }: ImageSourceFacts): Finding {
  const check = "images";
  const open = missing.length === 0 ? "all images are there" : `to be built: ${missing.join(", ")}`;
  if (source !== "debian" && registry.inReach)
    return { check, level: "ok", finding: `bases come from an image registry; ${open}` };
  const cause = registry.inReach ? "" : ` (${registry.why})`;
  if (source === "registry") {
    return {
      check,
      level: missing.length === 0 ? "warn" : "fail",
      finding: `images.source is registry, and no image registry is in reach${cause}; ${open}`,
      mend: `set images.source: debian in Pulumi.${stack}.yaml, or mend the connection`,
    };
  }
  const because = source === "debian" ? "as images.source says" : `since no image registry is in reach${cause}`;
  const finding = `bases are built from Debian's packages, ${because}; ${open}`;
  if (missing.length === 0 || obstacle === undefined) return { check, level: "ok", finding };
  return {
    check,
    level: "fail",
    finding: `${finding}; ${obstacle}`,
    mend: `sudo npm run platform -- images --stack ${stack}`,
  };
}

/** @param fault what `hostBundle` threw, if it did */
export function judgeBundle(bundle: {
  path?: string | undefined;
  holdsCertificate?: boolean;
  fault?: string;
}): Finding {
  const check = "host-ca";
  const { path, holdsCertificate = true, fault } = bundle;
  if (fault !== undefined) {
    const [finding, mend] = halves(fault);
    return { check, level: "fail", finding, mend };
  }
  if (path === undefined)
    return { check, level: "ok", finding: "the environment names no CA bundle; image builds trust public ones" };
  if (holdsCertificate) return { check, level: "ok", finding: `image builds trust ${path} too` };
  return {
    check,
    level: "fail",
    finding: `the CA bundle ${path} holds no certificate in PEM`,
    mend: "unset SSL_CERT_FILE NODE_EXTRA_CA_CERTS",
  };
}

/** @param freeBytes unknown where the Engine's files aren't on this machine */
export function judgeDisk({
  folder,
  freeBytes,
  building,
}: {
  folder: string;
  freeBytes: number | undefined;
  building: boolean;
}): Finding {
  const check = "disk";
  if (freeBytes === undefined)
    return {
      check,
      level: "warn",
      finding: `${folder} can't be seen from here`,
      mend: "df -h, on the Docker Engine's host",
    };
  const need = (building ? BUILD_GIB : 0) + RUN_GIB;
  const free = freeBytes / GIB;
  const finding = `${free.toFixed(1)} GiB are free in ${folder}, ${need} are needed${building ? " while images are built" : ""}`;
  if (free >= need * 1.5) return { check, level: "ok", finding };
  return {
    check,
    level: free < need ? "fail" : "warn",
    finding,
    mend: "docker system df   # then: docker image prune --all",
  };
}

/** The two halves of a fault's message: what is wrong, and how it is mended. */
export function halves(message: string): [finding: string, mend: string] {
  const at = message.indexOf(". ");
  return at === -1 ? [message, ""] : [message.slice(0, at), message.slice(at + 2)];
}
