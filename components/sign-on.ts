import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "./container-options.ts";
import type { Group } from "./identity/realm.ts";
import type { Identity } from "./identity.ts";
import type { Network } from "./network.ts";
import { Service } from "./service.ts";

/** Sites that know nobody themselves, and the groups that may enter each. */
export const SITE_GROUPS = {
  shell: ["admin", "developer", "tester"],
  status: ["admin", "developer", "tester"],
  metrics: ["admin", "developer", "tester"],
} as const satisfies { readonly [site: string]: readonly Group[] };

export type RelyingSite = keyof typeof SITE_GROUPS;

export interface SignOnArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  readonly identity: Identity;
  /** The network that the edge asks it on, and those of who else asks. */
  readonly networks: readonly Network[];
  /** URL of each site that it answers for. */
  readonly urls: { readonly [site in RelyingSite]?: string };
  /** Longest that a sign-on lasts, in minutes. @default 480 */
  readonly sessionMinutes?: number;
  /** Longest without a request, in minutes. @default 60 */
  readonly idleMinutes?: number;
}

/** Every decision about the relying party, in plain data. */
export interface SignOnSettings {
  readonly sites: {
    readonly [host: string]: { readonly client: string; readonly secret: string; readonly groups: readonly Group[] };
  };
  readonly sessionMinutes: number;
  readonly idleMinutes: number;
}

/** The relying party: the edge asks it at each request who somebody is. */
export class SignOn extends pulumi.ComponentResource {
  readonly settings: SignOnSettings;
  readonly service: Service;

  constructor(name: string, args: SignOnArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:identity:SignOn", name, {}, opts);
    const settings = settleSignOn(args, args.identity.settings.clientIds);
    this.settings = settings;
    const { issuer, metadataUrl } = args.identity.settings;
    this.service = new Service(
      name,
      {
        prefix: args.prefix,
        image: args.image,
        settings: {
          service: "sign-on",
          user: "1006:1006",
          command: ["node", "--max-old-space-size=64", "src/main.mjs"],
          env: {
            ISSUER: issuer,
            ISSUER_METADATA: metadataUrl,
            SITES: JSON.stringify(settings.sites),
            SESSION_MINUTES: String(settings.sessionMinutes),
            IDLE_MINUTES: String(settings.idleMinutes),
          },
          memoryMiB: 160,
          cpus: 1,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=8m,mode=1777" },
          healthcheck: {
            command: answersAt("http://127.0.0.1:9080/health"),
            intervalSeconds: 3,
          },
        },
        networks: args.networks.map((network) => ({ network })),
        secrets: Object.keys(args.urls).map((site) => args.identity.clientSecret(site as RelyingSite)),
        after: args.identity.services,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** Decides who may enter which host. */
export function settleSignOn(
  { urls, sessionMinutes = 480, idleMinutes = 60 }: Pick<SignOnArgs, "urls" | "sessionMinutes" | "idleMinutes">,
  clientIds: { readonly [site in RelyingSite]: string },
): SignOnSettings {
  const sites = Object.fromEntries(
    Object.entries(urls).map(([site, url]) => [
      new URL(url).host,
      {
        client: clientIds[site as RelyingSite],
        secret: `oidc-${site}-secret`,
        groups: SITE_GROUPS[site as RelyingSite],
      },
    ]),
  );
  return { sites, sessionMinutes, idleMinutes };
}
