import { describe, expect, test } from "vitest";

import { topologyDot, topologySvg } from "../../../engine/pages/topology.ts";
import { coreOf, planOf } from "../../harness/plans.ts";

describe("the topology of a stack", () => {
  test("has its containers, networks and volumes, and what joins them", async () => {
    const dot = topologyDot(await coreOf("prod"));
    const nodes = [...dot.matchAll(/^ {2}"(\w+ [\w-]+)" \[/gm)].map(([, name]) => name);
    expect(nodes).toEqual([
      ...["edge", "odoo", "odoo-init", "postgres", "postgres-init"].map((name) => `container ${name}`),
      ...["data", "edge", "egress", "public"].map((name) => `network ${name}`),
      ...["edge-data", "odoo-filestore", "postgres-ca", "postgres-data", "postgres-run"].map(
        (name) => `volume ${name}`,
      ),
    ]);
    expect(dot).toContain('"outside" -> "container edge" [label="443, 80"]');
    expect(dot).toContain('"container odoo" -> "network data" [dir=none]');
    expect(dot).not.toContain('"container edge" -> "network data"');
    expect(dot).toContain('"container odoo" -> "container odoo-init" [style=dashed label="after"]');
    expect(dot).toContain('"container postgres" -> "volume postgres-data" [dir=none style=dotted]');
    expect(dot).toMatch(/"volume postgres-data" \[label="postgres-data\\nprotected"/);
    expect(dot).toMatch(/"network data" \[label="network data\\nno way out"/);
  });

  test("leaves out what only carries secrets", async () => {
    expect(topologyDot(await planOf("dev"))).not.toMatch(/secret/i);
  });

  test("is drawn, the same each time, without scripts or links to elsewhere", async () => {
    const plan = await planOf("dev");
    const svg = await topologySvg(plan);
    expect(svg).toMatch(/^<svg role="img" /);
    expect(svg).toContain(">postgres&#45;init (job)</text>");
    expect(svg).not.toMatch(/<script|<a |href=/);
    expect(await topologySvg(plan)).toBe(svg);
  });
});
