import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { digestOf } from "../plan/digest.ts";
import { refusal } from "./refusal.ts";

/** Images that the system is made of, and the Dockerfile of each. */
export const DOCKERFILES = {
  "odoo-debian": "Dockerfile.odoo-debian",
  odoo: "Dockerfile.ce19",
  postgres: "Dockerfile.postgres",
  edge: "Dockerfile.edge",
  vault: "Dockerfile.vault",
  "vault-relay": "Dockerfile.vault-relay",
  backup: "Dockerfile.backup",
  "mail-catcher": "Dockerfile.mail-catcher",
  monitoring: "Dockerfile.monitoring",
  mcp: "Dockerfile.mcp",
  ci: "Dockerfile.ci",
  identity: "Dockerfile.identity",
  "sign-on": "Dockerfile.sign-on",
  shell: "Dockerfile.shell",
  terminal: "Dockerfile.terminal",
} as const;

export type ImageName = keyof typeof DOCKERFILES;

/** Images that are built on another one of these. */
const STANDS_ON: { readonly [name in ImageName]?: ImageName } = {
  odoo: "odoo-debian",
  backup: "postgres",
  terminal: "odoo",
  ci: "odoo",
};

/** Images that are made only where their part is on. */
export type PartImage = Exclude<ImageName, "odoo-debian" | "odoo" | "postgres" | "edge">;

export interface ImagesArgs {
  readonly project: string;
  /** `registry`: bases are pulled by digest; `debian`: they are built here from Debian's packages. */
  readonly source: "registry" | "debian";
  /** Base of the final stages. */
  readonly base: string;
  /** Base of the build stages: the same with the host's own CA, where it has one. Never part of a tag. */
  readonly buildBase: string;
  /** Base of Odoo's image where a registry is. */
  readonly odooBase: string;
  /** Content hash of each image's Dockerfile and the files that it copies. */
  readonly contentHashes: { readonly [name in ImageName]: string };
  /** Images of parts that a stack may be without. @default none */
  readonly parts?: readonly PartImage[];
}

/** Plain decisions about one image. */
export interface ImageSettings {
  readonly name: ImageName;
  /** `<project>/<name>:<content hash>`. */
  readonly ref: string;
  readonly dockerfile: string;
  readonly args: { readonly [name: string]: string };
}

/** The images of a stack, tagged by what goes into them, so that nothing unchanged is built or replaced. */
export class Images extends pulumi.ComponentResource {
  readonly settings: readonly ImageSettings[];
  private readonly images: ReadonlyMap<ImageName, docker.Image>;

  constructor(name: string, args: ImagesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:docker:Images", name, {}, opts);
    this.settings = settleImages(args);
    const made = new Map<ImageName, docker.Image>();
    for (const image of this.settings) {
      const under = STANDS_ON[image.name];
      const base = under === undefined ? undefined : made.get(under);
      made.set(
        image.name,
        new docker.Image(
          image.name,
          {
            imageName: image.ref,
            skipPush: true,
            build: {
              // A folder of its own: the provider builds an image anew when any file of its context changes.
              context: `docker/${image.name}`,
              dockerfile: `docker/${image.dockerfile}`,
              args: { ...image.args },
              // The builder that every supported Engine has; BuildKit needs a plugin that may be missing.
              builderVersion: "BuilderV1",
            },
          },
          { parent: this, dependsOn: base === undefined ? [] : [base], retainOnDelete: true },
        ),
      );
    }
    this.images = made;
    this.registerOutputs({ refs: Object.fromEntries(this.settings.map(({ name, ref }) => [name, ref])) });
  }

  /** The same of a part that may be off: then it has none. */
  optionalRef(name: PartImage): pulumi.Output<string> | undefined {
    return this.images.get(name)?.imageName;
  }

  /** Name with tag, known once the image exists. */
  ref(name: ImageName): pulumi.Output<string> {
    const image = this.images.get(name);
    if (image === undefined) throw refusal(`no image ${name} is made where images come from elsewhere`);
    return image.imageName;
  }
}

/** Which images are made, from what, and under which names; in the order in which they must be built. */
export function settleImages({
  project,
  source,
  base,
  buildBase,
  odooBase,
  contentHashes,
  parts = [],
}: ImagesArgs): ImageSettings[] {
  const settings = (name: ImageName, args: { [name: string]: string }, buildOnly: { [name: string]: string } = {}) => ({
    name,
    dockerfile: DOCKERFILES[name],
    ref: `${project}/${name}:${digestOf({ content: contentHashes[name], args }).slice(0, 12)}`,
    args: { ...args, ...buildOnly },
  });
  const odooDebian = settings("odoo-debian", { BASE: base });
  const postgres = settings("postgres", { BASE: base });
  const beneathOdoo = { ODOO_BASE: source === "debian" ? odooDebian.ref : odooBase };
  const odoo = settings("odoo", beneathOdoo, { BUILD_BASE: buildBase });
  const compiled = (name: PartImage) => settings(name, { BASE: base }, { BUILD_BASE: buildBase });
  const part = {
    vault: () => compiled("vault"),
    backup: () => settings("backup", { POSTGRES: postgres.ref }),
    "mail-catcher": () => settings("mail-catcher", { BASE: base }),
    "vault-relay": () => settings("vault-relay", { BASE: base }),
    monitoring: () => settings("monitoring", { BASE: base }),
    mcp: () => compiled("mcp"),
    identity: () => compiled("identity"),
    "sign-on": () => compiled("sign-on"),
    shell: () => settings("shell", { BASE: base }),
    terminal: () => settings("terminal", { ODOO: odoo.ref }),
    // Of no stack: modules are tested in it.
    ci: () => settings("ci", { ODOO: odoo.ref, ...beneathOdoo }),
  };
  return [
    ...(source === "debian" ? [odooDebian] : []),
    odoo,
    postgres,
    settings("edge", { BASE: base }, { BUILD_BASE: buildBase }),
    ...parts.map((name) => part[name]()),
  ];
}
