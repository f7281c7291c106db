import type Docker from "dockerode";

/** Removes volumes by name; one that isn't there is gone already. */
export async function removeVolumes(docker: Docker, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await docker
      .getVolume(name)
      .remove({ force: true })
      .catch((error: unknown) => {
        if ((error as { statusCode?: number }).statusCode !== 404) throw error;
      });
  }
}
