import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { differingNetworks, removeNetworks } from "../../engine/compose-networks.ts";
import { resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { planOf } from "../harness/plans.ts";

interface Found {
  Internal: boolean;
  Options: { [option: string]: string } | null;
  Containers?: { [id: string]: { Name: string } };
}

const EDGE = "odoo-platform-dev-edge";
const plan = await planOf("dev");
let networks: Map<string, Found>;
let did: string[];
let api: EngineApi;

beforeEach(async () => {
  did = [];
  networks = new Map(
    resourcesOf(plan, TYPES.network).map((network) => [
      textOf(network, "name"),
      {
        Internal: network.inputs["internal"] === true,
        Options: (network.inputs["options"] ?? null) as Found["Options"],
      },
    ]),
  );
  api = await engineApi(({ method, path }) => {
    if (method !== "GET") {
      did.push(`${method} ${path}`);
      return { json: {} };
    }
    if (path === "/containers/json")
      return {
        json: [
          { Id: "a", State: "running", NetworkSettings: { Networks: { [EDGE]: {}, other: {} } } },
          { Id: "b", State: "exited", NetworkSettings: { Networks: { [EDGE]: {} } } },
          { Id: "c", State: "running", NetworkSettings: { Networks: { "odoo-platform-dev-data": {} } } },
        ],
      };
    const network = networks.get(path.slice("/networks/".length));
    return network === undefined ? undefined : { json: network };
  });
});
afterEach(() => api.close());

const edge = () => networks.get(EDGE) as Found;

describe("networks", () => {
  test("as planned, or not there yet, are left alone", async () => {
    networks.delete("odoo-platform-dev-data");
    expect(await differingNetworks(api.docker, plan)).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ["that has a way out", () => (edge().Internal = false)],
    ["that shows the host", () => (edge().Options = {})],
  ])("one %s is seen", async (_what, change) => {
    change();
    expect(await differingNetworks(api.docker, plan)).toEqual([EDGE]);
  });

  test("are removed with the stack's containers on them, which are stopped first, and no others", async () => {
    const said: string[] = [];
    await removeNetworks(api.docker, plan, [EDGE], (line) => said.push(line));
    expect(did.map((one) => one.replace(/\?.*/, "")).sort()).toEqual([
      "DELETE /containers/a",
      "DELETE /containers/b",
      `DELETE /networks/${EDGE}`,
      "POST /containers/a/stop",
    ]);
    expect(said).toEqual([`making network ${EDGE} anew, which is otherwise than planned`]);
  });

  test("with a stranger on them stay, and it is told how to take it off", async () => {
    edge().Containers = { x: { Name: "stranger" } };
    await expect(removeNetworks(api.docker, plan, [EDGE], () => undefined)).rejects.toThrow(
      `Network ${EDGE} must be made anew, and stranger, which is not the stack's, is on it. Run \`docker network disconnect ${EDGE} stranger\`, then the command again.`,
    );
  });
});
