import { type Rule, when } from "../rule.ts";
import { isServer, postgresRule } from "./postgres.ts";

/** The server's data is on a volume that it can write. */
export const dataVolume: Rule = postgresRule({
  id: "postgres-data-is-on-a-volume",
  level: "mandatory",
  must: "the server's data is on a volume that it can write",
  why: "data in the container is gone with it",
  fix: "mount a volume at /var/lib/postgresql",
  sources: [],
  reads: "Container.volumes",
  findFaults: (container) => {
    const data = container
      .read("volumes")
      .items.find((volume) => volume.at("containerPath").text === "/var/lib/postgresql");
    return isServer(container)
      ? [
          ...when(data === undefined, "nothing is mounted at /var/lib/postgresql"),
          ...when(data?.at("readOnly").flag === true, "it is read-only"),
        ]
      : [];
  },
});
