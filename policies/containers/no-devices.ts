import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** No container gets a device of the host. */
export const noDevices: Rule = containerRule({
  id: "containers-get-no-devices",
  level: "mandatory",
  must: "no container gets a device of the host",
  why: "a disk is the whole host",
  fix: "remove devices and gpus",
  sources: ["CIS Docker 5.18"],
  reads: "Container.devices, gpus",
  findFaults: (container) => [
    ...container.read("devices").items.map((device) => `it gets ${device.at("hostPath").text}`),
    ...when(container.read("gpus").present, "it gets GPUs"),
  ],
});
