import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";

import { execIn } from "../engine/docker.ts";

/**
 * What a user would run instead: the Compose example of Odoo's image documentation. Odoo over plain HTTP with the image's
 * own defaults (`workers` 0, the database chosen per request), PostgreSQL with its own. Both from the same packages as the
 * platform's, so that the difference is the set-up and not the build.
 */
export interface Stock {
  readonly network: string;
  readonly url: string;
  readonly container: string;
  /** As `odoo -i base` makes them. */
  readonly credentials: { readonly db: string; readonly login: string; readonly password: string };
  readonly remove: () => Promise<void>;
}

const NETWORK = "odoo-platform-bench";
const DATABASE = `${NETWORK}-db`;
const ODOO = `${NETWORK}-odoo`;
const NAME = "odoo";

/** Brings the stock system up with these modules installed. */
export async function startStock(
  docker: Docker,
  images: { readonly postgres: string; readonly odoo: string },
  modules: readonly string[],
): Promise<Stock> {
  await removeStock(docker);
  await docker.createNetwork({ Name: NETWORK });
  const start = async (name: string, options: Docker.ContainerCreateOptions, alias: string): Promise<void> => {
    const container = await docker.createContainer({
      ...options,
      name,
      NetworkingConfig: { EndpointsConfig: { [NETWORK]: { Aliases: [alias] } } },
      HostConfig: { NetworkMode: NETWORK },
    });
    await container.start();
  };
  const data = "/tmp/data";
  const initdb = `PATH=$PATH:/usr/lib/postgresql/17/bin; initdb -D ${data} -U odoo --auth=trust >/dev/null && echo 'host all all all trust' >> ${data}/pg_hba.conf && exec postgres -D ${data} -c listen_addresses='*' -c unix_socket_directories=/tmp`;
  await start(DATABASE, { Image: images.postgres, Entrypoint: ["bash", "-c", initdb], User: "999:999" }, "db");
  // What the database manager's page would do, then the documented command, which is none.
  const make = `/entrypoint.sh odoo -d ${NAME} -i ${modules.join(",")} --without-demo=True --stop-after-init`;
  // The entry point reads the database's user from USER, as the official image documents.
  await start(
    ODOO,
    {
      Image: images.odoo,
      Cmd: ["bash", "-c", `${make} && exec /entrypoint.sh odoo`],
      Env: ["HOST=db", "USER=odoo", "PASSWORD=odoo"],
    },
    "odoo",
  );
  await untilReady(docker);
  return {
    network: NETWORK,
    url: "http://odoo:8069",
    container: ODOO,
    credentials: { db: NAME, login: "admin", password: "admin" },
    remove: () => removeStock(docker),
  };
}

async function removeStock(docker: Docker): Promise<void> {
  for (const name of [ODOO, DATABASE])
    await docker
      .getContainer(name)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  await docker
    .getNetwork(NETWORK)
    .remove()
    .catch(() => undefined);
}

async function untilReady(docker: Docker): Promise<void> {
  const page = ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8069/web/login"];
  for (let tries = 0; tries < 300; tries++) {
    const { State } = await docker.getContainer(ODOO).inspect();
    if (!State.Running) {
      const logs = await docker.getContainer(ODOO).logs({ stdout: true, stderr: true, follow: false });
      throw new Error(`the stock Odoo ended: ${logs.toString("utf8").slice(-2000)}`);
    }
    if ((await execIn(docker, ODOO, page)).exitCode === 0) return;
    await sleep(1000);
  }
  throw new Error("the stock Odoo was not ready after 300 s");
}
