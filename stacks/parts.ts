import { mayServeStatus, type SiteName } from "../components/edge.ts";
import type { PartImage } from "../components/images.ts";
import type { StackConfig } from "./config.ts";

/** Images of what watches a stack and takes its mail. */
export function partsOf({ stage, mail, monitoring }: StackConfig): PartImage[] {
  return [
    ...(mail.enabled && stage !== "production" ? (["mail-catcher"] as const) : []),
    ...(monitoring.enabled ? (["monitoring"] as const) : []),
  ];
}

/**
 * What the edge serves besides Odoo. Pages that anyone who reaches them may read are served where nobody but this
 * machine does; elsewhere they wait for sign-on.
 */
export function sitesOf(config: StackConfig): SiteName[] {
  if (!mayServeStatus(config.stage, config.edge.bindAddress)) return [];
  const parts = partsOf(config);
  return [
    "status",
    ...(parts.includes("mail-catcher") ? (["mail"] as const) : []),
    ...(parts.includes("monitoring") ? (["metrics"] as const) : []),
  ];
}
