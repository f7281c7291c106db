import { expect, test } from "vitest";
import { parse } from "yaml";

import { renderCompose } from "../../engine/compose-render.ts";
import { resourcesOf, TYPES } from "../../plan/plan.ts";
import { planOf, STACKS } from "../harness/plans.ts";

// Two engines bring one plan about: what one is told, the other is told too.

interface Service {
  readonly container_name: string;
  readonly labels: { readonly [name: string]: string };
  readonly depends_on?: { readonly [service: string]: { readonly condition: string } };
  readonly dns?: readonly string[];
  readonly networks?: { readonly [name: string]: { readonly aliases: string[] } };
  readonly volumes?: readonly { readonly source: string; readonly target: string; readonly read_only?: boolean }[];
}
interface File {
  readonly services: { readonly [name: string]: Service };
  readonly networks: {
    readonly [name: string]: { readonly name: string; readonly internal: boolean; readonly driver_opts?: unknown };
  };
  readonly volumes: { readonly [name: string]: { readonly name: string } };
}
interface Mount {
  readonly volumeName: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
}

test.each(STACKS)("both engines are told the same of %s", async (stack) => {
  const plan = await planOf(stack);
  const { services, networks, volumes } = parse(renderCompose(plan, { secretsFolder: "/secrets" })) as File;
  const planned = resourcesOf(plan, TYPES.container).filter(({ inputs }) => inputs["start"] !== false);
  expect(Object.values(services).map(({ container_name }) => container_name)).toEqual(
    planned.map(({ inputs }) => inputs["name"]),
  );

  for (const { inputs } of planned) {
    const service = Object.values(services).find(({ container_name }) => container_name === inputs["name"]);
    const ports = inputs["ports"] as { internal: number; external: number; ip: string }[] | undefined;
    expect(service?.dns).toEqual(inputs["dns"]);
    expect(service).toMatchObject({
      ...{ user: inputs["user"], image: inputs["image"], pull_policy: "never", command: inputs["command"], init: true },
      ...{ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] },
      ...{ mem_limit: `${Number(inputs["memory"])}m`, memswap_limit: `${Number(inputs["memory"])}m` },
      ...{ cpus: Number(inputs["cpus"]), shm_size: `${Number(inputs["shmSize"])}m` },
      ...{ restart: inputs["restart"], stop_signal: inputs["stopSignal"] },
      stop_grace_period: `${Number(inputs["stopTimeout"])}s`,
      logging: { driver: inputs["logDriver"], options: inputs["logOpts"] },
      ...(ports === undefined
        ? {}
        : {
            ports: ports.map(({ internal, external, ip }) => ({
              target: internal,
              published: String(external),
              host_ip: ip,
            })),
          }),
    });

    const joined = Object.entries(service?.networks ?? {}).map(([name, { aliases }]) => ({
      name: networks[name]?.name,
      aliases,
    }));
    expect(joined).toEqual(inputs["networksAdvanced"] ?? []);

    const mounted = (service?.volumes ?? []).map(({ source, target, read_only = false }) => ({
      volumeName: volumes[source]?.name,
      containerPath: target,
      readOnly: read_only,
    }));
    const mounts = ((inputs["volumes"] ?? []) as unknown as Mount[]).filter(
      ({ containerPath }) => containerPath !== "/run/secrets",
    );
    expect(mounted).toEqual(mounts);
  }

  expect(
    Object.values(networks).map(({ name, internal, driver_opts: options }) => ({ name, internal, options })),
  ).toEqual(
    resourcesOf(plan, TYPES.network).map(({ inputs: { name, internal, options } }) => ({ name, internal, options })),
  );
});

test("PostgreSQL stops before the regions that it archives into, and starts where one of them doesn't work", async () => {
  const { services } = parse(renderCompose(await planOf("dev"), { secretsFolder: "/secrets" })) as File;
  const started = ["a", "b", "c"].map((region) => [`vault-region-${region}`, { condition: "service_started" }]);
  expect(services["postgres"]?.depends_on).toEqual(Object.fromEntries(started));
  expect(Object.keys(services["postgres"]?.labels ?? {}).join()).not.toContain("while");
});
