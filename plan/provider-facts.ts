/** What a provider does with a changed input. */
export type Effect = "replace" | "update" | "ignore" | "unknown";

interface TypeFacts {
  /** Inputs that are changed without a replacement; every other one replaces. @default not known */
  readonly update?: readonly string[];
  /** Inputs whose change the provider records and does nothing about. @default none */
  readonly ignore?: readonly string[];
  /** What is lost with the resource; absent where nothing is. */
  readonly holds?: string;
}

/**
 * What the providers do with changed inputs, by type; what is not listed is not known here.
 *
 * Containers, networks, volumes: `ForceNew` in terraform-provider-docker (internal/provider/resource_docker_*.go, read at
 * 83c00e0b of 2026-07-22), which @pulumi/docker bridges, and the list of attributes that its update function applies.
 * Images: @pulumi/docker's own resource builds anew and keeps its identity. Passwords: every input of a random resource
 * forces a new value.
 */
const FACTS: { readonly [type: string]: TypeFacts } = {
  "docker:index/container:Container": {
    update: [
      ...["restart", "maxRetryCount", "cpuShares", "memory", "cpuSet", "memorySwap"],
      ...["rm", "start", "wait", "waitTimeout", "attach", "logs", "mustRun", "removeVolumes", "destroyGraceSeconds"],
    ],
    ignore: ["tmpfs", "healthcheck", "init"],
  },
  "docker:index/network:Network": { update: [] },
  "docker:index/volume:Volume": { update: [], holds: "everything in the volume" },
  "docker:index/image:Image": { update: ["build", "buildOnPreview", "imageName", "skipPush"] },
  "random:index/randomPassword:RandomPassword": { update: [], holds: "the secret, which gets another value" },
  "aws:s3/bucket:Bucket": { holds: "everything in the bucket" },
  "aws:kms/key:Key": { holds: "the key, and with it all that it encrypted" },
};

/** What the provider does when this input of a resource of this type changes. */
export function effectOf(type: string, input: string): Effect {
  const facts = FACTS[type];
  if (facts?.update === undefined) return "unknown";
  if (facts.ignore?.includes(input) === true) return "ignore";
  return facts.update.includes(input) ? "update" : "replace";
}

/** What is lost when a resource of this type goes; undefined where nothing is. */
export function lossOf(type: string): string | undefined {
  return FACTS[type]?.holds;
}
