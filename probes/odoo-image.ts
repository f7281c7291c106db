import { containerName, plannedContainer } from "../engine/docker.ts";
import { textOf } from "../plan/plan.ts";
import { inspectPlanned } from "./inspect.ts";
import { fromFaults, type Probe } from "./probe.ts";

/** What the kernel says of Odoo's first process, and whether its root can be written. */
const LOOK = [
  "echo uid $(id -u)",
  "grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):' /proc/1/status",
  "for folder in / /etc /usr/bin /opt; do if touch $folder/.platform-probe 2>/dev/null; then rm -f $folder/.platform-probe; echo writable $folder; fi; done",
].join("; ");

/**
 * Odoo runs from the very image that the plan's tag names, a tag that is the hash of docker/Dockerfile.ce19 and of all
 * that it copies; and the kernel, not the Engine's configuration, says as whom and with what rights.
 *
 * Does not prove that the image was built from those files: the tag is set by whoever builds.
 */
export const odooImage: Probe = {
  task: "1.3",
  ttlDays: 7,
  needs: "system",
  mends: ["odoo"],
  measure: async ({ docker, plan, exec }) => {
    const planned = plannedContainer(plan, "odoo");
    const ref = textOf(planned, "image");
    const [{ container, image }, { stdout }] = await Promise.all([
      inspectPlanned(docker, planned),
      exec("odoo", ["sh", "-c", LOOK]),
    ]);
    const kernel = parseKernel(stdout);
    const faults = [
      ...(container === undefined || container.Image !== image?.Id
        ? [`${containerName(planned)} does not run from ${ref}`]
        : []),
      ...findKernelFaults(kernel),
    ];
    return fromFaults(faults, {
      measured: { image: container?.Image ?? null, ref, ...kernel },
      limit: { image: image?.Id ?? null, uid: "100", capabilities: [], noNewPrivileges: true, writable: [] },
      held: `Odoo runs from ${ref} as uid 100, on a read-only root, with no capability`,
    });
  },
};

/** As whom a process runs, and with what rights. */
export type KernelFacts = { uid: string; capabilities: string[]; noNewPrivileges: boolean; writable: string[] };

/** Reads the lines of `LOOK`. A capability set that isn't empty is named with its bits. */
export function parseKernel(text: string): KernelFacts {
  const lines = text.split("\n").map((line) => line.trim());
  const after = (prefix: string) =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
  return {
    uid: after("uid ")[0] ?? "",
    capabilities: lines
      .filter((line) => /^Cap\w+:\s*0*[1-9a-f][0-9a-f]*$/.test(line))
      .map((line) => line.replace(/\s+/, " ")),
    noNewPrivileges: after("NoNewPrivs:")[0] === "1",
    writable: after("writable "),
  };
}

/** What is wrong with it, a sentence each. */
export function findKernelFaults({ uid, capabilities, noNewPrivileges, writable }: KernelFacts): string[] {
  return [
    ...(uid === "100" ? [] : [`it runs as uid ${uid === "" ? "unknown" : uid}`]),
    ...(capabilities.length === 0 ? [] : [`it has capabilities (${capabilities.join(", ")})`]),
    ...(noNewPrivileges ? [] : ["it may gain privileges"]),
    ...(writable.length === 0 ? [] : [`it can write ${writable.join(", ")}`]),
  ];
}
