import type * as docker from "@pulumi/docker";

import { Identity, type IdentitySettings } from "../components/identity.ts";
import type { Images } from "../components/images.ts";
import { Network } from "../components/network.ts";
import type { Odoo } from "../components/odoo.ts";
import type { Postgres } from "../components/postgres.ts";
import type { Service } from "../components/service.ts";
import { settleShellSite } from "../components/shell-site.ts";
import { type RelyingSite, SignOn, type SignOnSettings, SITE_GROUPS } from "../components/sign-on.ts";
import { WebShell, type WebShellSettings } from "../components/web-shell.ts";
import type { StackConfig } from "./config.ts";
import type { StackOutputs } from "./outputs.ts";

interface IdentityOfArgs {
  readonly prefix: string;
  readonly config: Pick<StackConfig, "stage" | "domain" | "identity" | "shell" | "mcp" | "protectData">;
  readonly urls: StackOutputs["urls"];
  readonly images: Images;
  readonly postgres: Postgres;
  readonly edge: Network;
  readonly data: Network;
}

interface PeopleArgs extends IdentityOfArgs {
  readonly odoo: Odoo;
  readonly identity: Identity | undefined;
  /** The network on which an issuer elsewhere is asked. */
  readonly egress: Network | undefined;
}

interface People {
  readonly settings: {
    readonly identity?: IdentitySettings;
    readonly signOn?: SignOnSettings;
    readonly webShell?: WebShellSettings;
  };
  readonly services: readonly Service[];
  /** What the web shell recorded. */
  readonly recordings?: docker.Volume | undefined;
  /** Networks that the edge has to be on, besides its own. */
  readonly edgeNetworks: readonly Network[];
  /** All that were made here. */
  readonly networks: readonly Network[];
}

/** Who says who somebody is; undefined where nobody does. Made before Odoo, which people sign on to. */
export function identityOf({
  prefix,
  config,
  urls,
  images,
  postgres,
  edge,
  data,
}: IdentityOfArgs): Identity | undefined {
  if (!config.identity.enabled) return undefined;
  return new Identity("identity", {
    prefix,
    images: { identity: images.optionalRef("identity"), signOn: images.ref("sign-on") },
    ...{ postgres, edge, data },
    ...config.identity,
    domain: config.domain,
    idUrl: urls.id ?? "",
    urls: { odoo: urls.odoo, ...relyingUrls(urls) },
    mcp: config.mcp.enabled,
  });
}

/** Who may come in, and what they reach then: the relying party of sites that know nobody, the web shell. */
export function people({
  prefix,
  config,
  urls,
  images,
  postgres,
  odoo,
  identity,
  edge,
  data,
  egress,
}: PeopleArgs): People {
  if (identity === undefined) return { settings: {}, services: [], edgeNetworks: [], networks: [] };
  // Of the edge, the relying party and the gate of the web shell, and nobody else.
  const shellNetwork = config.shell.enabled ? new Network("shell", { prefix, internal: true }) : undefined;
  const edgeNetworks = shellNetwork === undefined ? [] : [shellNetwork];
  // Of the gate and the terminals: who is in a terminal reaches neither the edge nor the relying party.
  const terminalNetwork = config.shell.enabled ? new Network("terminal", { prefix, internal: true }) : undefined;
  const signOn = new SignOn("sign-on", {
    prefix,
    image: images.ref("sign-on"),
    identity,
    networks: [edge, ...edgeNetworks, ...(identity.settings.kind === "external" && egress ? [egress] : [])],
    urls: relyingUrls(urls),
  });
  const webShell =
    shellNetwork === undefined || terminalNetwork === undefined
      ? undefined
      : new WebShell("web-shell", {
          prefix,
          images: { gate: images.ref("shell"), terminal: images.ref("terminal") },
          stage: config.stage,
          shell: shellNetwork,
          terminal: terminalNetwork,
          ...{ data, postgres, odoo },
          idleMinutes: config.shell.idleMinutes,
          sessionMinutes: settleShellSite().sessionMinutes,
          protectData: config.protectData,
          signOn: signOn.service,
        });
  return {
    settings: {
      identity: identity.settings,
      signOn: signOn.settings,
      ...(webShell === undefined ? {} : { webShell: webShell.settings }),
    },
    services: [...identity.services, signOn.service, ...(webShell?.services ?? [])],
    recordings: webShell?.recordings,
    edgeNetworks,
    networks: [...edgeNetworks, ...(terminalNetwork === undefined ? [] : [terminalNetwork])],
  };
}

/** Whether the issuer is outside the stack, so that who asks it needs a way out. */
export function asksElsewhere({ identity }: Pick<StackConfig, "identity">): boolean {
  return identity.enabled && identity.issuer === "external";
}

/** Sites that the relying party answers for. */
function relyingUrls(urls: StackOutputs["urls"]): { readonly [site in RelyingSite]?: string } {
  const sites = Object.keys(SITE_GROUPS) as RelyingSite[];
  const known: { readonly [site: string]: string | undefined } = urls;
  return Object.fromEntries(sites.flatMap((site) => (known[site] === undefined ? [] : [[site, known[site]]])));
}
