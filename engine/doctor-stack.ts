import { type Finding, halves } from "./doctor.ts";

/** Letters and digits of a generated secret that are enough against guessing. */
const LEAST_SECRET_LENGTH = 20;
const ADMIN_SECRET = "odoo-admin-password";

export interface RoomFacts {
  readonly stack: string;
  readonly services: readonly { readonly service: string; readonly memoryMiB: number; readonly cpus: number }[];
  /** Limits of everything else of this platform that runs on the Engine. */
  readonly othersMiB: number;
  readonly totalMiB: number;
  readonly totalCpus: number;
}

/** Limits are ceilings: a machine with less works until the first busy hour. */
export function judgeMemory({ stack, services, othersMiB, totalMiB }: RoomFacts): Finding {
  const check = "memory";
  const askedMiB = services.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const others = othersMiB === 0 ? "" : `, other stacks up to ${othersMiB} MiB`;
  const finding = `stack ${stack} may take ${askedMiB} MiB${others}; the Docker Engine's host has ${totalMiB} MiB`;
  if (askedMiB + othersMiB <= totalMiB) return { check, level: "ok", finding };
  const mend = `lower memoryMiB in Pulumi.${stack}.yaml, or use a larger machine`;
  return { check, level: askedMiB > totalMiB ? "fail" : "warn", finding, mend };
}

/** Docker refuses a container with more cpus than there are. */
export function judgeCpus({ stack, services, totalCpus }: RoomFacts): Finding {
  const check = "cpus";
  const over = services.filter(({ cpus }) => cpus > totalCpus);
  if (over.length === 0) return { check, level: "ok", finding: `${totalCpus} cpus, enough for every container` };
  const asked = over.map(({ service, cpus }) => `${service} asks for ${cpus}`).join(", ");
  const finding = `${asked}; the Docker Engine's host has ${totalCpus}, and Docker refuses such a container`;
  return { check, level: "fail", finding, mend: `lower cpus in Pulumi.${stack}.yaml` };
}

/** @param fault what `findBusyPorts` threw, if it did */
export function judgePorts({ ports, fault }: { ports: readonly number[]; fault?: string }): Finding {
  if (fault === undefined)
    return { check: "ports", level: "ok", finding: `${ports.join(", ")} are free, or the stack's own` };
  const [finding, mend] = halves(fault);
  return { check: "ports", level: "fail", finding, mend };
}

export interface NameFacts {
  readonly host: string;
  /** As this system resolves the name; empty where it doesn't. */
  readonly addresses: readonly string[];
  /** Address that the stack publishes on. */
  readonly bindAddress: string;
}

/** Does this system know a name that users type? */
export function judgeName({ host, addresses, bindAddress }: NameFacts): Finding {
  const check = `name ${host}`;
  const isLocal = host === "localhost" || host.endsWith(".localhost");
  if (addresses.length === 0) {
    if (isLocal) {
      return {
        check,
        level: "warn",
        finding: "browsers and curl know it by themselves; this system, and so every other program, does not",
        mend: `echo '${bindAddress === "0.0.0.0" ? "127.0.0.1" : bindAddress} ${host}' | sudo tee -a /etc/hosts`,
      };
    }
    return {
      check,
      level: "warn",
      finding: "does not resolve: nobody finds it, and no public CA certifies it",
      mend: `make a DNS record for ${host} that names this host`,
    };
  }
  const found = `resolves to ${addresses.join(", ")}`;
  if (!isLocal || addresses.every((address) => address.startsWith("127.") || address === "::1"))
    return { check, level: "ok", finding: found };
  return {
    check,
    level: "fail",
    finding: `${found}, which is not this machine`,
    mend: `take ${host} out of /etc/hosts, or out of your DNS`,
  };
}

export interface SecretsFacts {
  readonly folder: string;
  /** Permission bits of the folder. */
  readonly mode: number;
  /** Length of each secret that the stack needs; undefined where there is no file. */
  readonly lengths: { readonly [name: string]: number | undefined };
  readonly stack: string;
}

/** The folder keeps others out; the files in it are readable, since containers of other users read them. */
export function judgeSecrets({ folder, mode, lengths, stack }: SecretsFacts): Finding {
  const check = "secrets";
  if ((mode & 0o077) !== 0) {
    return {
      check,
      level: "fail",
      finding: `${folder} is open to other users (mode ${mode.toString(8)})`,
      mend: `chmod 700 ${folder}`,
    };
  }
  const missing = Object.keys(lengths).filter((name) => (lengths[name] ?? 0) === 0);
  if (missing.length > 0) {
    return {
      check,
      level: "warn",
      finding: `${folder} lacks ${missing.join(", ")}`,
      mend: `npm run platform -- up --stack ${stack}`,
    };
  }
  const weak = Object.entries(lengths).filter(([, length]) => (length ?? 0) < LEAST_SECRET_LENGTH);
  if (weak.length === 0)
    return {
      check,
      level: "ok",
      finding: `${Object.keys(lengths).length} secrets in ${folder}, which only its owner enters`,
    };
  const finding = `too short to be safe: ${weak.map(([name, length]) => `${name} (${length ?? 0} characters)`).join(", ")}`;
  // Odoo takes the administrator's from its file once; the others are taken anew by containers that are made anew.
  const others = weak.map(([name]) => name).filter((name) => name !== ADMIN_SECRET);
  const files = others.map((name) => `${folder}/${name}`).join(" ");
  const platform = (verb: string) => `npm run platform -- ${verb} --stack ${stack}`;
  const mend =
    others.length > 0
      ? `${platform("down")} && rm -f ${files} && ${platform("up")}`
      : `change admin's password in Odoo, and write it to ${folder}/${ADMIN_SECRET}`;
  return { check, level: "fail", finding, mend };
}

/** Debian has no wkhtmltopdf, with which Odoo prints; the official image carries one. */
export function judgeReports(odooFromDebian: boolean): Finding {
  const check = "pdf-reports";
  if (!odooFromDebian) return { check, level: "ok", finding: "Odoo's official image prints PDF reports" };
  return {
    check,
    level: "warn",
    finding: "Odoo's image is built from Debian's packages, which have no wkhtmltopdf: it prints no PDF reports",
    mend: "use a machine that reaches an image registry",
  };
}
