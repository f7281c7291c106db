import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface NetworkArgs {
  /** Prefix of physical names, `<project>-<stack>`. */
  readonly prefix: string;
  /** No way out and no way in from the host. */
  readonly internal: boolean;
}

/**
 * The bridge of a network gets no address of the host. An internal network alone is not enough: its containers reach
 * the host at the bridge's address, and by that every other address of the host and whatever listens there.
 */
export const HIDES_HOST = "com.docker.network.bridge.inhibit_ipv4";

/** A bridge network that only the containers named on it reach. */
export class Network extends pulumi.ComponentResource {
  readonly settings: { readonly name: string; readonly internal: boolean };
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, { prefix, internal }: NetworkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:docker:Network", name, {}, opts);
    this.settings = { name: `${prefix}-${name}`, internal };
    const network = new docker.Network(
      name,
      {
        name: this.settings.name,
        driver: "bridge",
        internal,
        ...(internal ? { options: { [HIDES_HOST]: "true" } } : {}),
        labels: [{ label: "odoo-platform.stack", value: prefix }],
      },
      // Two networks of one name are not told apart.
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
