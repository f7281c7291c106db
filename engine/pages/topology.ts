import { Graphviz } from "@hpcc-js/wasm-graphviz";

import { reveal, resourcesOf, type Plan, type PlannedResource, textOf, TYPES } from "../../plan/plan.ts";

/** A picture of what a plan runs: containers, the networks and volumes that they share, and what waits for what. */
export async function topologySvg(plan: Plan): Promise<string> {
  const graphviz = await Graphviz.load();
  const svg = graphviz.layout(topologyDot(plan), "svg", "dot");
  // Without the version of the drawing program and the document type, which a page that embeds it would repeat.
  return `${svg
    .replace(/^<\?xml[\s\S]*?(?=<svg)/, "")
    .replace("<svg ", '<svg role="img" style="max-width:100%;height:auto" ')
    .trim()}\n`;
}

/** The same as Graphviz source: nodes and edges sorted by name, so that equal plans give equal pictures. */
export function topologyDot(plan: Plan): string {
  const prefix = `${plan.project}-${plan.stack}-`;
  const short = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  // Those that are never started carry secrets into volumes: no part of what runs.
  const carriers = named(plan, TYPES.container).filter(({ inputs }) => inputs["start"] === false);
  const carried = new Set(carriers.flatMap((carrier) => volumesOf(carrier)));
  const containers = named(plan, TYPES.container).filter((container) => !carriers.includes(container));
  const volumes = named(plan, TYPES.volume).filter((volume) => !carried.has(textOf(volume, "name")));
  const id = (kind: string, name: string) => quote(`${kind} ${short(name)}`);
  return [
    "digraph {",
    `  graph [label=${quote(`${plan.project}, stack ${plan.stack}`)} labelloc=t rankdir=LR bgcolor=white fontname="sans-serif" fontsize=14 ranksep=0.9]`,
    '  node [fontname="sans-serif" fontsize=11 margin="0.2,0.08"]',
    '  edge [fontname="sans-serif" fontsize=9 color="#555555"]',
    ...outside(containers, id),
    ...containers.map((container) => {
      const job = container.inputs["mustRun"] === false;
      const style = job ? "rounded,dashed" : "rounded,filled";
      return `  ${id("container", textOf(container, "name"))} [label=${quote(label(container, short, job))} shape=box style=${quote(style)} fillcolor="#dbe9f6"]`;
    }),
    ...named(plan, TYPES.network).map((network) => {
      const closed = network.inputs["internal"] === true;
      const name = textOf(network, "name");
      const text = `network ${short(name)}${closed ? "\nno way out" : ""}`;
      return `  ${id("network", name)} [label=${quote(text)} shape=ellipse style=filled fillcolor=${closed ? '"#e6f4e6"' : '"#fdf3d8"'}]`;
    }),
    ...volumes.map((volume) => {
      const name = textOf(volume, "name");
      const text = `${short(name)}${volume.protect ? "\nprotected" : ""}`;
      return `  ${id("volume", name)} [label=${quote(text)} shape=cylinder style=filled fillcolor="#eeeeee"]`;
    }),
    ...containers.flatMap((container) => edgesOf(container, { containers, volumes, id })),
    "}",
    "",
  ].join("\n");
}

/** Resources of a type, sorted by their physical names. */
function named(plan: Plan, type: string): PlannedResource[] {
  return resourcesOf(plan, type).sort((a, b) => (textOf(a, "name") < textOf(b, "name") ? -1 : 1));
}

type Id = (kind: string, name: string) => string;

/** Who comes in, at which ports. */
function outside(containers: readonly PlannedResource[], id: Id): string[] {
  const published = containers.filter((container) => portsOf(container).length > 0);
  return [
    '  "outside" [label="browsers,\\nAPI clients" shape=plaintext]',
    ...published.map(
      (container) =>
        `  "outside" -> ${id("container", textOf(container, "name"))} [label=${quote(portsOf(container).join(", "))}]`,
    ),
  ];
}

function edgesOf(
  container: PlannedResource,
  { containers, volumes, id }: { containers: readonly PlannedResource[]; volumes: readonly PlannedResource[]; id: Id },
): string[] {
  const own = id("container", textOf(container, "name"));
  const networks = listOf(container, "networksAdvanced").map(({ name }) => String(name));
  const mounted = volumesOf(container).filter((name) => volumes.some((volume) => textOf(volume, "name") === name));
  const before = containers.filter(({ urn }) => container.dependencies.includes(urn));
  return [
    ...networks.sort().map((name) => `  ${own} -> ${id("network", name)} [dir=none]`),
    ...mounted.sort().map((name) => `  ${own} -> ${id("volume", name)} [dir=none style=dotted]`),
    ...before.map((other) => `  ${own} -> ${id("container", textOf(other, "name"))} [style=dashed label="after"]`),
  ];
}

function label(container: PlannedResource, short: (name: string) => string, job: boolean): string {
  const user = textOf(container, "user");
  const memory = `${Number(container.inputs["memory"])} MiB`;
  return `${short(textOf(container, "name"))}${job ? " (job)" : ""}\n${user}, ${memory}`;
}

function listOf({ inputs }: PlannedResource, input: string): { readonly [key: string]: unknown }[] {
  return (reveal(inputs[input]) ?? []) as { readonly [key: string]: unknown }[];
}

function volumesOf(container: PlannedResource): string[] {
  return listOf(container, "volumes").map(({ volumeName }) => String(volumeName));
}

function portsOf(container: PlannedResource): string[] {
  return listOf(container, "ports").map(({ external }) => String(external));
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
