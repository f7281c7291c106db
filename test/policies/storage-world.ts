import type { Plan, PlannedResource, PlanValue } from "../../plan/plan.ts";
import { TYPES } from "../../plan/plan.ts";
import { type Change, change, plus, set } from "./world.ts";

/** Types as @pulumi/aws 7 registers them. */
export const S3 = (kind: string) => `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
export const BUCKET = S3("Bucket");

const TLS_ONLY = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

/** A bucket's policy as text, with the statement that every bucket needs. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [TLS_ONLY, ...statements] });
}

interface Vault {
  readonly name: string;
  readonly region: string;
}

const urnOf = (type: string, name: string) => `urn:pulumi:prod::odoo-platform::${type}::${name}`;

/** What is said of every bucket, by kind. */
const said = (name: string, region: string): { readonly [kind: string]: { [input: string]: PlanValue } } => ({
  Versioning: { versioningConfiguration: { status: "Enabled" } },
  ServerSideEncryptionConfiguration: {
    rules: [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: `arn:aws:kms:${region}:111111111111:key/${name}`,
        },
      },
    ],
  },
  PublicAccessBlock: {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
  OwnershipControls: { rule: { objectOwnership: "BucketOwnerEnforced" } },
  Policy: { policy: policy() },
  LifecycleConfiguration: {
    rules: [
      {
        id: "old",
        status: "Enabled",
        noncurrentVersionExpiration: { noncurrentDays: 60 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
      },
    ],
  },
  Notification: { eventbridge: true },
});

/** A bucket with all that is said of it, each naming it by the id that only a deployment can tell. */
function bucket(
  { name, region }: Vault,
  more: { readonly [kind: string]: { [input: string]: PlanValue } },
  locked: boolean,
): Change {
  return (plan) => {
    const kinds = Object.entries({ ...said(name, region), ...more });
    const dependencies = [urnOf(BUCKET, name)];
    return kinds.reduce(
      (made, [kind, inputs]) =>
        plus(S3(`Bucket${kind}`), `${name}-${kind}`, { bucket: `${name}-id`, ...inputs }, { dependencies })(made),
      plus(
        BUCKET,
        name,
        { bucket: name, region, ...(locked ? { objectLockEnabled: true } : {}) },
        { protect: true },
      )(plan),
    );
  };
}

const LOCK = { ObjectLockConfiguration: { rule: { defaultRetention: { mode: "COMPLIANCE", days: 35 } } } };

/** S3 delivers logs to no bucket with another one. */
const LOG_ENCRYPTION = {
  ServerSideEncryptionConfiguration: {
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  },
};

/** Two vaults in two regions, one of them replicated, and the bucket that takes their access logs. */
export function vaults(): Promise<Plan> {
  const empty: Plan = {
    project: "odoo-platform",
    stack: "prod",
    resources: [],
    outputs: {},
  };
  const logging = (name: string): Change =>
    plus(
      S3("BucketLogging"),
      `${name}-Logging`,
      { bucket: name, targetBucket: "logs", targetPrefix: name },
      { dependencies: [urnOf(BUCKET, "logs"), urnOf(BUCKET, name)] },
    );
  const replication = plus(
    S3("BucketReplicationConfig"),
    "eu-ReplicationConfig",
    {
      bucket: "eu-id",
      rules: [
        {
          destination: {
            bucket: "arn:aws:s3:::us",
            account: "222222222222",
            accessControlTranslation: { owner: "Destination" },
          },
        },
      ],
    },
    { dependencies: [urnOf(BUCKET, "eu"), urnOf(BUCKET, "us")] },
  );
  const writer = plus("aws:iam/policy:Policy", "writer", {
    policy: JSON.stringify({
      Statement: { Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject"], Resource: "arn:aws:s3:::eu/*" },
    }),
  });
  const made = [
    plus(TYPES.stack, "odoo-platform-prod", {}),
    bucket({ name: "eu", region: "eu-central-1" }, LOCK, true),
    bucket({ name: "us", region: "us-east-1" }, LOCK, true),
    bucket({ name: "logs", region: "eu-central-1" }, LOG_ENCRYPTION, false),
    logging("eu"),
    logging("us"),
    replication,
    writer,
    plus(S3("BucketObjectv2"), "readme", {
      bucket: "eu-id",
      key: "README",
      kmsKeyId: "arn:aws:kms:eu-central-1:1:key/x",
    }),
    plus(S3("AccessPoint"), "point", {
      bucket: "eu-id",
      publicAccessBlockConfiguration: said("", "")["PublicAccessBlock"] ?? {},
    }),
  ];
  return Promise.resolve(made.reduce((plan, add) => add(plan), empty));
}

/** Sets an input of what is said of a bucket. */
export function of(name: string, kind: string, way: string, value: PlanValue | undefined): Change {
  return set(`${name}-${kind}`, S3(`Bucket${kind}`), way, value);
}

/** Makes a resource depend on other ones than it does. */
export function depends(name: string, kind: string, ...buckets: readonly string[]): Change {
  return change(`${name}-${kind}`, S3(`Bucket${kind}`), (resource): PlannedResource => ({
    ...resource,
    dependencies: buckets.map((one) => urnOf(BUCKET, one)),
  }));
}
