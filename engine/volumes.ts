import type Docker from "dockerode";

import { orAbsent } from "./docker.ts";

/** Removes volumes by name; one that isn't there is gone already. */
export async function removeVolumes(docker: Docker, names: readonly string[]): Promise<void> {
  for (const name of names) await orAbsent(docker.getVolume(name).remove({ force: true }));
}
