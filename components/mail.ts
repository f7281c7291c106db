import * as pulumi from "@pulumi/pulumi";

import { answersAt } from "./container-options.ts";
import type { Network } from "./network.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";

export interface MailArgs {
  readonly stage: string;
  readonly domain: string;
  readonly enabled: boolean;
  readonly from?: string | undefined;
  readonly relay?:
    | {
        readonly host: string;
        readonly port: number;
        readonly user?: string | undefined;
        readonly dkimSelectors: readonly string[];
      }
    | undefined;
}

/** Where mail goes, in plain data. */
export interface MailSettings {
  /** Whether it stays in the stack. */
  readonly caught: boolean;
  readonly host: string;
  readonly port: number;
  /** STARTTLS is required; the catcher, which is on a network of its own, has none. */
  readonly tls: boolean;
  readonly user?: string;
  readonly from: string;
  readonly dkimSelectors: readonly string[];
}

/** How a part of the stack sends mail. */
export interface MailRoute {
  readonly settings: MailSettings;
  /** The network that the catcher is on. @default - the way out that the sender has */
  readonly network?: Network;
  readonly password?: Secret;
}

/** Decides where mail goes; undefined where nothing is to be sent. */
export function settleMail({ stage, domain, enabled, from, relay }: MailArgs): MailSettings | undefined {
  if (!enabled) return undefined;
  const sender = { from: from ?? `odoo@${domain}` };
  if (stage !== "production" || relay === undefined)
    return { caught: true, host: "mail", port: 1025, tls: false, ...sender, dkimSelectors: [] };
  const { host, port, user, dkimSelectors } = relay;
  return { caught: false, host, port, tls: true, ...sender, dkimSelectors, ...(user === undefined ? {} : { user }) };
}

/** The password that a relay asks for; given by people, so never made anew. */
export function relayPassword(settings: MailSettings, opts: pulumi.ComponentResourceOptions = {}): Secret | undefined {
  return settings.user === undefined ? undefined : new Secret("smtp-password", opts, { given: true });
}

export interface MailCatcherArgs {
  readonly prefix: string;
  readonly image: pulumi.Input<string>;
  /** The network of those who send, and the one that the edge shows its page from. */
  readonly mail: Network;
  readonly edge: Network;
}

/** MailCatcher: takes every mail, passes none on, and shows them; in memory, the newest thousand. */
export class MailCatcher extends pulumi.ComponentResource {
  readonly service: Service;

  constructor(name: string, args: MailCatcherArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:mail:MailCatcher", name, {}, opts);
    this.service = new Service(
      name,
      {
        prefix: args.prefix,
        image: args.image,
        settings: {
          service: "mail",
          user: "991:991",
          command: [
            ...["mailcatcher", "--foreground", "--no-quit", "--ip", "0.0.0.0", "--smtp-port", "1025"],
            ...["--http-port", "1080", "--messages-limit", "1000"],
          ],
          env: {},
          memoryMiB: 192,
          cpus: 0.5,
          tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
          healthcheck: {
            command: answersAt("http://127.0.0.1:1080/messages"),
            intervalSeconds: 10,
          },
        },
        networks: [{ network: args.mail }, { network: args.edge }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
