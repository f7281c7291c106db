import type Docker from "dockerode";
import type { ContainerInspectInfo, ImageInspectInfo } from "dockerode";

import { containerName, orAbsent } from "../engine/docker.ts";
import { type PlannedResource, textOf } from "../plan/plan.ts";

/** What the Engine says of a planned container and of its planned image; absent where there is none. */
export interface Inspected {
  readonly container: ContainerInspectInfo | undefined;
  readonly image: ImageInspectInfo | undefined;
}

/** Looks at a planned container and its planned image. */
export async function inspectPlanned(docker: Docker, planned: PlannedResource): Promise<Inspected> {
  const [container, image] = await Promise.all([
    orAbsent(docker.getContainer(containerName(planned)).inspect()),
    orAbsent(docker.getImage(textOf(planned, "image")).inspect()),
  ]);
  return { container, image };
}
