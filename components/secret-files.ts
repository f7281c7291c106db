import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** A secret as a file takes it: a generated one, or one that a provider made. */
export interface SecretFile {
  readonly settings: { readonly name: string; readonly generation?: number };
  readonly value: pulumi.Output<string>;
}

export interface SecretFilesArgs {
  /** Prefix of physical names, `<project>-<stack>`. */
  readonly prefix: string;
  /** Service that the files are for. */
  readonly service: string;
  /** Any image that is there already: nothing of it ever runs. */
  readonly image: pulumi.Input<string>;
  readonly secrets: readonly SecretFile[];
}

/** Where secrets are found in a container. */
export const SECRETS_PATH = "/run/secrets";

/**
 * Secrets as files in a volume of one service's own.
 *
 * The provider can't copy files into a container with a read-only root, not even into a volume of it. So a container that
 * is never started, with a root that could be written, takes them into the volume that the service mounts read-only.
 */
export class SecretFiles extends pulumi.ComponentResource {
  readonly volume: docker.Volume;
  /** Another one whenever a secret is: what depends on it is made anew. */
  readonly generation: pulumi.Output<string>;

  constructor(
    name: string,
    { prefix, service, image, secrets }: SecretFilesArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("odoo-platform:secret:SecretFiles", name, {}, opts);
    const labels = [{ label: "odoo-platform.stack", value: prefix }];
    this.volume = new docker.Volume(name, { name: `${prefix}-${service}-secrets`, labels }, { parent: this });
    const carrier = new docker.Container(
      name,
      {
        name: `${prefix}-${service}-secrets`,
        image,
        labels: [...labels, { label: "odoo-platform.service", value: `${service}-secrets` }],
        start: false,
        mustRun: false,
        networkMode: "none",
        user: "65534:65534",
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: 16,
        memorySwap: 16,
        cpus: "0.25",
        logDriver: "none",
        volumes: [{ volumeName: this.volume.name, containerPath: SECRETS_PATH }],
        // Read by a user whose number the provider can't set here; nobody else mounts the volume.
        uploads: secrets.map((secret) => ({
          file: `${SECRETS_PATH}/${secret.settings.name}`,
          content: secret.value,
          permissions: "0444",
        })),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.generation = carrier.id;
    this.registerOutputs({});
  }
}

/** Where secrets are files of the host, nothing else of a container says that one has another value. */
export function generationLabels(secrets: readonly SecretFile[]): docker.types.input.ContainerLabel[] {
  const renewed = secrets.filter(({ settings: { generation = 1 } }) => generation > 1);
  if (renewed.length === 0) return [];
  const value = renewed.map(({ settings: { name, generation } }) => `${name}=${generation}`).join(" ");
  return [{ label: "odoo-platform.generations", value }];
}
