import { mayServeStatus, type SiteName } from "../components/edge.ts";
import type { PartImage } from "../components/images.ts";
import type { StackConfig } from "./config.ts";

/** Images of what watches a stack, takes its mail, and answers assistants. */
export function partsOf({ stage, mail, monitoring, mcp, identity, shell }: StackConfig): PartImage[] {
  return [
    ...(mail.enabled && stage !== "production" ? (["mail-catcher"] as const) : []),
    ...(monitoring.enabled ? (["monitoring"] as const) : []),
    ...(mcp.enabled ? (["mcp"] as const) : []),
    ...(identity.enabled && identity.issuer === "keycloak" ? (["identity"] as const) : []),
    ...(identity.enabled ? (["sign-on"] as const) : []),
    ...(shell.enabled ? (["shell", "terminal"] as const) : []),
  ];
}

/**
 * What the edge serves besides Odoo. Pages that anyone who reaches them may read are served where nobody but this
 * machine does; elsewhere they wait for sign-on. The gateway for assistants asks for a token itself.
 */
export function sitesOf(config: StackConfig): SiteName[] {
  const parts = partsOf(config);
  const open = mayServeStatus(config.stage, config.edge.bindAddress);
  return [
    ...(open || parts.includes("sign-on") ? (["status"] as const) : []),
    ...(open && parts.includes("mail-catcher") ? (["mail"] as const) : []),
    ...(open && parts.includes("monitoring") ? (["metrics"] as const) : []),
    ...(parts.includes("mcp") ? (["mcp"] as const) : []),
    ...(parts.includes("identity") ? (["id"] as const) : []),
    ...(parts.includes("shell") ? (["shell"] as const) : []),
  ];
}
