import { TYPES } from "../../plan/plan.ts";
import { type Rule, when } from "../rule.ts";

const OPTION = "com.docker.network.bridge.inhibit_ipv4";

/** An internal network gives the host no address on it. */
export const hiddenHost: Rule = {
  id: "internal-networks-hide-the-host",
  level: "mandatory",
  must: "an internal network gives the host no address on it",
  why: "by the host's address on its bridge a container reaches all that listens on the host, on any of its addresses",
  fix: `set the option ${OPTION} to "true"`,
  sources: [],
  reads: "Network.internal, options",
  types: [TYPES.network],
  findFaults: (network) =>
    when(
      network.read("internal").flag && network.read("options").at(OPTION).text !== "true",
      "its bridge has an address of the host",
    ),
};
