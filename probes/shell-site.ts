import { renderShellSite, settleShellSite } from "../components/shell-site.ts";
import { findDifference, readText } from "./compose-files.ts";
import { fromFaults, type Probe } from "./probe.ts";

const SITE = "security/Caddyfile.shell";

/**
 * The site of the web shell is what its component renders, and the Caddy that runs at the edge accepts it behind its own
 * Caddyfile: it is loaded there, without being served.
 */
export const shellSite: Probe = {
  task: "1.6",
  ttlDays: 30,
  needs: "system",
  measure: async ({ root, exec }) => {
    const site = readText(root, SITE);
    const own = await exec("edge", ["cat", "/etc/caddy/Caddyfile"]);
    if (own.exitCode !== 0) throw new Error(`the edge's Caddyfile can't be read: ${own.stderr.trim()}`);
    const version = (await exec("edge", ["caddy", "version"])).stdout.trim();
    const { exitCode, stdout, stderr } = await exec(
      "edge",
      ["caddy", "validate", "--config", "-", "--adapter", "caddyfile"],
      // What validating leaves behind must not be the edge's own authority.
      { stdin: withSite(own.stdout, site ?? ""), env: ["XDG_DATA_HOME=/tmp/validate"] },
    );
    const last = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
    const faults = [
      ...findDifference(SITE, site, renderShellSite(settleShellSite())),
      ...(exitCode === 0 ? [] : [`Caddy ${version} refuses ${SITE}: ${last}`]),
    ];
    return fromFaults(faults, {
      measured: { caddy: version, accepted: exitCode === 0 },
      limit: { rendering: "equal", accepted: true },
      held: `${SITE} is what its component renders, and Caddy ${version} accepts it`,
    });
  },
};

/** The edge's Caddyfile with this site in place of its own: one of them may be this very site, and none is tried here. */
export function withSite(caddyfile: string, site: string): string {
  return `${caddyfile.replace(/^import [^\n]*$/gm, "")}\n${site}`;
}
