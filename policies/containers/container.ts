import { TYPES } from "../../plan/plan.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";

/** The one service that may publish ports. */
export const EDGE = "edge";

/** A rule about containers, which are judged one by one. */
export function containerRule(rule: Omit<Rule, "types">): Rule {
  return { ...rule, types: [TYPES.container] };
}

/** False for a container that only carries secrets into a volume and is never started. */
export function runs(container: Subject): boolean {
  return container.read("start").present ? container.read("start").flag : true;
}

/** True for a container that runs to its end and isn't restarted. */
export function isJob(container: Subject): boolean {
  return container.read("mustRun").present && !container.read("mustRun").flag;
}

/** Labels by name. */
export function labelsOf(container: Subject): ReadonlyMap<string, string> {
  return new Map(
    container
      .read("labels")
      .items.filter((item) => item.at("label").text !== undefined)
      // A value that only a deployment can tell is nobody's name.
      .map((item) => [item.at("label").word, item.at("value").known ? item.at("value").word : ""]),
  );
}

/** Service that a container is for: what the program labels it with, else its own name. */
export function serviceOf(container: Subject): string {
  return labelsOf(container).get("odoo-platform.service") ?? container.name;
}

/** Environment by name; the last of equal names counts, as it does for Docker. */
export function environmentOf(container: Subject): ReadonlyMap<string, string> {
  return new Map(
    container.read("envs").texts.map((line) => {
      const end = line.indexOf("=");
      return end === -1 ? [line, ""] : [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}

/** Image without registry, tag and digest: `odoo` of `registry.example/shop/odoo:19.0@sha256:…`. */
export function imageName(container: Subject): string {
  const [repository = ""] = container.read("image").word.split("@");
  return (repository.split("/").at(-1) ?? "").split(":")[0] ?? "";
}

/** Names of the networks that a container joins. */
export function networksOf(container: Subject): readonly string[] {
  return container.read("networksAdvanced").items.flatMap((network) => network.at("name").text ?? []);
}

/** Folders of the host that a container sees, by any of the inputs that mount one. */
export function hostPaths(container: Subject): readonly string[] {
  const volumes = container.read("volumes").items.flatMap((volume) => volume.at("hostPath").text ?? []);
  const mounts = container
    .read("mounts")
    .items.flatMap((mount) => (mount.at("type").text === "bind" ? mount.at("source").word : []));
  const devices = container.read("devices").items.flatMap((device) => device.at("hostPath").text ?? []);
  return [...volumes, ...mounts, ...devices];
}

/** Security options in one spelling: `label:disable` and `label=disable` are the same to Docker. */
export function securityOptions(container: Subject): readonly string[] {
  return container.read("securityOpts").texts.map((option) => option.replace("=", ":"));
}
