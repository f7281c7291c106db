import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface NetworkArgs {
  /** Prefix of physical names, `<project>-<stack>`. */
  readonly prefix: string;
  /** No way out and no way in from the host. */
  readonly internal: boolean;
}

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
        labels: [{ label: "odoo-platform.stack", value: prefix }],
      },
      { parent: this },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
