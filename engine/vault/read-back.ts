import { S3Client, type S3ServiceException } from "@aws-sdk/client-s3";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

import type { AwsVaultSettings } from "../../components/backup-vault/aws-settings.ts";
import { digestOf } from "../../plan/digest.ts";
import { type Plan, resourcesOf, textOf } from "../../plan/plan.ts";
import { type Aspect, type Asked, ASPECTS, UNSET } from "./aspects.ts";

/** A bucket as AWS has it, compared with what was planned. */
export interface BucketReadBack {
  readonly bucket: string;
  readonly region: string;
  /** What was compared. */
  readonly compared: readonly string[];
  /** What differs, a sentence each. */
  readonly faults: readonly string[];
}

/**
 * Asks S3 what each bucket of a vault is and compares it with the plan: versioning, lock, encryption, public access,
 * ownership, policy, lifecycle, access log, replication, events. A copy in another account is asked in the role that
 * made it there.
 *
 * @param clientOf who asks in a region, and in which role. @default whoever the SDK's own credentials are
 */
export async function readBack(
  plan: Plan,
  vault: Pick<AwsVaultSettings, "regions" | "replica">,
  clientOf: (region: string, role?: string) => S3Client = connect,
): Promise<BucketReadBack[]> {
  const vaults = [
    ...vault.regions.map((one) => ({ ...one, role: undefined })),
    ...(vault.replica === undefined ? [] : [{ ...vault.replica, role: vault.replica.deployRole }]),
  ];
  const buckets = vaults.flatMap(({ region, account, bucket, logBucket, role }) => {
    const client = clientOf(region, role);
    return [bucket, logBucket].map((name) => ({
      region,
      client,
      asked: { Bucket: name, ExpectedBucketOwner: account },
    }));
  });
  return Promise.all(
    buckets.map(async ({ region, client, asked }) => {
      const said = ASPECTS.flatMap((aspect) => {
        const resource = resourcesOf(plan, aspect.type).find((one) => textOf(one, "bucket") === asked.Bucket);
        return resource === undefined ? [] : [{ aspect, wanted: aspect.wanted(resource.inputs) }];
      });
      const faults = await Promise.all(said.map((one) => compare(client, asked, one.aspect, one.wanted)));
      return { bucket: asked.Bucket, region, compared: said.map(({ aspect }) => aspect.what), faults: faults.flat() };
    }),
  );
}

function connect(region: string, role?: string): S3Client {
  const assumed = role === undefined ? {} : { credentials: fromTemporaryCredentials({ params: { RoleArn: role } }) };
  return new S3Client({ region, maxAttempts: 2, ...assumed });
}

async function compare(client: S3Client, asked: Asked, aspect: Aspect, wanted: unknown): Promise<string[]> {
  let found: unknown;
  try {
    found = await aspect.found(client, asked);
  } catch (error) {
    const { name, message } = error as S3ServiceException;
    if (!UNSET.includes(name)) return [`${asked.Bucket}: its ${aspect.what} can't be read: ${name}: ${message}`];
  }
  if (digestOf(found ?? null) === digestOf(wanted ?? null)) return [];
  const text = (value: unknown) => (typeof value === "string" || typeof value === "boolean" ? `${value}` : undefined);
  const difference =
    found === undefined
      ? "not set"
      : text(wanted) === undefined
        ? "not the planned one"
        : `${text(found) ?? "another"}, not ${text(wanted)}`;
  return [`${asked.Bucket}: its ${aspect.what} is ${difference}`];
}
