import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

export interface DataVolumeArgs {
  readonly prefix: string;
  readonly parent: pulumi.Resource;
  /** Refuse to delete it, and leave it behind when the stack goes. */
  readonly keep: boolean;
}

/** A named volume. One that keeps data is protected and outlives the stack. */
export function dataVolume(name: string, { prefix, parent, keep }: DataVolumeArgs): docker.Volume {
  return new docker.Volume(
    name,
    { name: `${prefix}-${name}`, labels: [{ label: "odoo-platform.stack", value: prefix }] },
    { parent, protect: keep, retainOnDelete: keep },
  );
}
