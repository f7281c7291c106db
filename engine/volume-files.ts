import type Docker from "dockerode";
import { pack } from "tar-fs";

import { orAbsent } from "./docker.ts";

export interface VolumeFilesArgs {
  /** Any container that mounts the volume for writing, running or not, its root read-only or not. */
  readonly container: string;
  /** Where the volume is mounted in it. */
  readonly path: string;
  /** Folder whose files are copied, over those of the same names. */
  readonly folder: string;
  /** Who owns them there. */
  readonly uid: number;
  readonly gid: number;
}

/**
 * Copies a folder's files into a volume, through the Engine's API alone: neither a shell in the container nor a folder of
 * the host is needed.
 *
 * @returns false where there is no such container, or it has no such path.
 */
export async function putFiles(
  docker: Docker,
  { container, path, folder, uid, gid }: VolumeFilesArgs,
): Promise<boolean> {
  const archive = pack(folder, {
    map: (header) => ({ ...header, uid, gid, uname: "", gname: "", mode: header.type === "directory" ? 0o755 : 0o644 }),
  });
  try {
    return (await orAbsent(docker.getContainer(container).putArchive(archive, { path }))) !== undefined;
  } finally {
    archive.destroy();
  }
}
