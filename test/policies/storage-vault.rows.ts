import type { Row } from "./row.ts";
import { BUCKET, depends, of, policy, S3 } from "./storage-world.ts";
import { all, set, UNKNOWN, without } from "./world.ts";

const gone = (name: string, kind: string) => without(`${name}-${kind}`, S3(`Bucket${kind}`));
const WRITER = "aws:iam/policy:Policy";
const writer = (...actions: string[]) =>
  set(
    "writer",
    WRITER,
    "policy",
    JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["s3:PutObject", ...actions], Resource: "*" }] }),
  );
const LAST = "rules.0.destination";
const EVERY = [
  "s3:DeleteObjectVersion",
  "s3:PutBucketVersioning",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
];

/** What breaks each rule about what makes a bucket a vault: locks, copies, and who may write. */
export const VAULT_ROWS: readonly Row[] = [
  {
    rule: "backups-are-locked",
    breaks: [
      [
        all(set("eu", BUCKET, "objectLockEnabled", undefined), gone("eu", "ObjectLockConfiguration")),
        "eu: object lock is not enabled",
      ],
      // Once nothing logs to it, it is a bucket like any other.
      [all(gone("eu", "Logging"), gone("us", "Logging")), "logs: object lock is not enabled"],
    ],
    unknown: [set("eu", BUCKET, "objectLockEnabled", UNKNOWN), "eu"],
  },
  {
    rule: "locks-hold-for-everybody",
    breaks: [
      [
        of("eu", "ObjectLockConfiguration", "rule.defaultRetention.mode", "GOVERNANCE"),
        "eu: the lock's mode is GOVERNANCE",
      ],
      [of("eu", "ObjectLockConfiguration", "rule.defaultRetention.days", 7), "eu: it holds for 7 days"],
      [gone("eu", "ObjectLockConfiguration"), "eu: the lock's mode is not set", "eu: it holds for 0 days"],
    ],
    holds: [
      of("eu", "ObjectLockConfiguration", "rule.defaultRetention", { mode: "COMPLIANCE", years: 1 }),
      all(set("eu", BUCKET, "objectLockEnabled", undefined), gone("eu", "ObjectLockConfiguration")),
    ],
    unknown: [of("eu", "ObjectLockConfiguration", "rule", UNKNOWN), "eu"],
  },
  {
    rule: "locks-end-before-versions-expire",
    breaks: [
      [
        of("eu", "ObjectLockConfiguration", "rule.defaultRetention.days", 90),
        "eu: versions expire after 60 days, and the lock holds for 90",
      ],
      [
        of("eu", "LifecycleConfiguration", "rules.0.expiration", { days: 10 }),
        "eu: objects expire after 10 days, and the lock holds for 35",
      ],
    ],
    holds: [of("eu", "LifecycleConfiguration", "rules.0", { status: "Disabled", expiration: { days: 1 } })],
    unknown: [of("eu", "LifecycleConfiguration", "rules", UNKNOWN), "eu"],
  },
  {
    rule: "backups-outlive-a-month-end",
    breaks: [
      [
        of("eu", "LifecycleConfiguration", "rules.0.noncurrentVersionExpiration.noncurrentDays", 30),
        "eu: versions expire after 30 days",
      ],
    ],
    holds: [of("logs", "LifecycleConfiguration", "rules.0.expiration", { days: 7 })],
    unknown: [of("eu", "LifecycleConfiguration", "rules.0.status", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-have-a-life-cycle",
    breaks: [
      [gone("eu", "LifecycleConfiguration"), "eu: no enabled rule lets anything expire"],
      [of("eu", "LifecycleConfiguration", "rules.0.status", "Disabled"), "eu: no enabled rule lets anything expire"],
    ],
    unknown: [of("eu", "LifecycleConfiguration", "rules", UNKNOWN), "eu"],
  },
  {
    rule: "unfinished-uploads-are-removed",
    breaks: [
      [
        of("eu", "LifecycleConfiguration", "rules.0.abortIncompleteMultipartUpload", undefined),
        "eu: no rule removes unfinished uploads within 7 days",
      ],
      [
        of("eu", "LifecycleConfiguration", "rules.0.abortIncompleteMultipartUpload.daysAfterInitiation", 30),
        "eu: no rule removes unfinished uploads within 7 days",
      ],
    ],
    unknown: [of("eu", "LifecycleConfiguration", "rules.0.abortIncompleteMultipartUpload", UNKNOWN), "eu"],
  },
  {
    rule: "backups-lie-in-several-regions",
    breaks: [
      [set("us", BUCKET, "region", "eu-central-1"), "us: there is no copy outside eu-central-1"],
      [
        set("eu", BUCKET, "region", undefined),
        "eu: region is not set, so that nobody can tell where it lies",
        "us: there is no copy outside us-east-1",
      ],
    ],
    holds: [gone("eu", "ReplicationConfig")],
    unknown: [set("eu", BUCKET, "region", UNKNOWN), "(eu|us)"],
  },
  {
    rule: "replicas-are-in-another-region-and-account",
    breaks: [
      [of("eu", "ReplicationConfig", `${LAST}.account`, undefined), "eu: the replica is in the same account"],
      [of("eu", "ReplicationConfig", `${LAST}.accessControlTranslation`, undefined), "eu: the source owns the replica"],
      [set("us", BUCKET, "region", "eu-central-1"), "eu: the replica is in eu-central-1 too"],
    ],
    holds: [of("eu", "ReplicationConfig", `${LAST}.bucket`, "arn:aws:s3:::elsewhere")],
    unknown: [of("eu", "ReplicationConfig", LAST, UNKNOWN), "eu"],
  },
  {
    rule: "keys-are-in-the-buckets-region",
    breaks: [[set("eu", BUCKET, "region", "eu-west-1"), "eu: the key is in eu-central-1, the bucket in eu-west-1"]],
    holds: [
      of(
        "eu",
        "ServerSideEncryptionConfiguration",
        "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
        "alias/vault",
      ),
      set("eu", BUCKET, "region", undefined),
    ],
    unknown: [of("eu", "ServerSideEncryptionConfiguration", "rules", UNKNOWN), "eu"],
  },
  {
    rule: "log-buckets-are-the-named-exception",
    breaks: [
      [
        set("logs", BUCKET, "objectLockEnabled", true),
        "logs: it takes access logs and has object lock, so that none arrive",
      ],
      [
        all(of("eu", "ReplicationConfig", "bucket", "logs"), depends("eu", "ReplicationConfig", "logs")),
        "logs: it takes access logs and is replicated as if it held backups",
      ],
      [
        of("eu", "Logging", "targetBucket", "us"),
        "us: it takes access logs and its encryption is aws:kms, so that none arrive",
        "us: it takes access logs and has object lock, so that none arrive",
      ],
      [
        gone("logs", "ServerSideEncryptionConfiguration"),
        "logs: it takes access logs and its encryption is not set, so that none arrive",
      ],
    ],
    unknown: [set("logs", BUCKET, "objectLockEnabled", UNKNOWN), "logs"],
  },
  {
    rule: "writers-delete-no-versions",
    breaks: [
      [writer("s3:DeleteObjectVersion"), "writer: a writer may s3:DeleteObjectVersion"],
      [writer("s3:*"), ...EVERY.map((action) => `writer: a writer may ${action}`)],
      [
        of(
          "eu",
          "Policy",
          "policy",
          policy({ Effect: "Allow", Principal: { AWS: "1" }, Action: ["s3:Put*", "S3:DeleteObject?ersion"] }),
        ),
        ...EVERY.filter((action) => !action.includes("Bypass")).map((action) => `eu-Policy: a writer may ${action}`),
      ],
      [
        set("writer", WRITER, "policy", "{"),
        "writer: the rule failed to run: Expected property name or '}' in JSON at position 1",
      ],
    ],
    holds: [
      set(
        "writer",
        WRITER,
        "policy",
        JSON.stringify({ Statement: { Effect: "Allow", Action: "s3:DeleteObjectVersion", Resource: "*" } }),
      ),
    ],
    unknown: [set("writer", WRITER, "policy", UNKNOWN), "writer"],
  },
];
