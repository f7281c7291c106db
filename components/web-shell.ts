import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import { ownedBy } from "./container-options.ts";
import { dataVolume } from "./data-volume.ts";
import type { Network } from "./network.ts";
import type { Odoo } from "./odoo.ts";
import type { Postgres } from "./postgres.ts";
import type { Secret } from "./secret.ts";
import { type Mount, Service } from "./service.ts";

export interface WebShellArgs {
  readonly prefix: string;
  /** Images of the gate, and of the terminals. */
  readonly images: { readonly gate: pulumi.Input<string>; readonly terminal: pulumi.Input<string> };
  readonly stage: "development" | "staging" | "production";
  /** The network of the edge, the relying party and the gate; of the gate and the terminals; of the database. */
  readonly shell: Network;
  readonly terminal: Network;
  readonly data: Network;
  readonly postgres: Postgres;
  readonly odoo: Odoo;
  /** Minutes without a key after which a terminal ends, and the longest that one stays open. */
  readonly idleMinutes: number;
  readonly sessionMinutes: number;
  /** Keep the recordings when the stack goes. */
  readonly protectData: boolean;
  /** The relying party. */
  readonly signOn: Service;
}

/** Every decision about the web shell, in plain data. */
export interface WebShellSettings {
  readonly stage: string;
  readonly idleMinutes: number;
  readonly sessionMinutes: number;
  /** Most terminals at a time, and most of them for one person. */
  readonly most: number;
  readonly mostEach: number;
  /** What each terminal container may run. */
  readonly terminals: { readonly shell: readonly string[]; readonly "shell-reader": readonly string[] };
}

const GATE = "1007:1007";
const TERMINAL = "100:101";
const MOST = 8;
const MOST_EACH = 4;

/**
 * The web shell: a gate that knows who somebody is, records and ends, and runs nobody's commands; and two terminals, one
 * with the rights of Odoo and one that only reads. A user of a terminal reaches neither the record nor who writes it.
 */
export class WebShell extends pulumi.ComponentResource {
  readonly settings: WebShellSettings;
  readonly services: readonly Service[];
  /** What was shown in each terminal. */
  readonly recordings: docker.Volume;

  constructor(name: string, args: WebShellArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("odoo-platform:shell:WebShell", name, {}, opts);
    const settings = settleWebShell(args);
    this.settings = settings;
    const { prefix, postgres } = args;
    const volume = (role: string, keep = false) => dataVolume(`shell-${role}`, { prefix, parent: this, keep });
    const gateKey = volume("gate-key");
    const hostKeys = { shell: volume("host-key"), "shell-reader": volume("reader-host-key") };
    this.recordings = volume("recordings", args.protectData);

    const terminal = (
      service: "shell" | "shell-reader",
      secrets: readonly Secret[],
      mounts: readonly Mount[],
    ): Service =>
      new Service(
        service,
        {
          prefix,
          image: args.images.terminal,
          settings: {
            service,
            user: TERMINAL,
            command: ["serve"],
            env: {
              ...args.odoo.service.settings.env,
              TERMINAL_NAME: service,
              TERMINAL_MAY: settings.terminals[service].join(" "),
            },
            memoryMiB: service === "shell" ? 1024 : 256,
            cpus: 1,
            tmpfs: {
              "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777",
              "/mnt/extra-addons": "ro,noexec,nosuid,nodev,size=1m,mode=0755",
              "/run/odoo": `rw,noexec,nosuid,nodev,size=1m,mode=0700,${ownedBy(TERMINAL)}`,
              "/run/terminal": `rw,noexec,nosuid,nodev,size=1m,mode=0700,${ownedBy(TERMINAL)}`,
            },
            healthcheck: {
              command: ["bash", "-c", "read -r -t 3 line </dev/tcp/127.0.0.1/2222 && [[ $line == SSH-2.0-* ]]"],
              intervalSeconds: 5,
            },
          },
          networks: [{ network: args.terminal }, { network: args.data }],
          mounts: [
            { volume: gateKey, path: "/run/gate-key", readOnly: true },
            { volume: hostKeys[service], path: "/run/host-key" },
            postgres.caMount,
            ...mounts,
          ],
          secrets,
          after: [args.odoo.init],
        },
        { parent: this },
      );
    const full = terminal(
      "shell",
      [postgres.password("odoo_app")],
      [{ volume: args.odoo.filestore, path: "/var/lib/odoo" }],
    );
    const reader = terminal("shell-reader", [postgres.password("odoo_reporting")], []);

    const gate = new Service(
      "shell-gate",
      {
        prefix,
        image: args.images.gate,
        settings: {
          service: "shell-gate",
          user: GATE,
          command: ["serve"],
          env: {
            STAGE: settings.stage,
            ODOO_DB_NAME: args.odoo.settings.database,
            IDLE_MINUTES: String(settings.idleMinutes),
            SESSION_MINUTES: String(settings.sessionMinutes),
            SHELL_MOST: String(settings.most),
            SHELL_MOST_EACH: String(settings.mostEach),
          },
          memoryMiB: 384,
          cpus: 1,
          tmpfs: {
            "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
            "/run/gate": `rw,noexec,nosuid,nodev,size=1m,mode=0700,${ownedBy(GATE)}`,
          },
          healthcheck: {
            // Nobody's page: without a sign-on it is refused, and that is an answer.
            command: ["bash", "-c", "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:7681/ | grep -q 401"],
            intervalSeconds: 5,
          },
        },
        networks: [{ network: args.shell }, { network: args.terminal }, { network: args.data }],
        mounts: [
          { volume: gateKey, path: "/run/gate-key" },
          { volume: hostKeys.shell, path: "/run/terminals/shell", readOnly: true },
          { volume: hostKeys["shell-reader"], path: "/run/terminals/shell-reader", readOnly: true },
          { volume: this.recordings, path: "/var/lib/recordings" },
          postgres.caMount,
        ],
        secrets: [postgres.password("shell")],
        after: [full, reader, args.signOn],
      },
      { parent: this },
    );
    this.services = [full, reader, gate];
    this.registerOutputs({});
  }
}

/** Decides everything about the web shell. */
export function settleWebShell({
  stage,
  idleMinutes,
  sessionMinutes,
}: Pick<WebShellArgs, "stage" | "idleMinutes" | "sessionMinutes">): WebShellSettings {
  return {
    stage,
    idleMinutes,
    sessionMinutes,
    most: MOST,
    mostEach: MOST_EACH,
    terminals: { shell: ["odoo-shell", "psql", "bash"], "shell-reader": ["report"] },
  };
}
