import type { Row } from "./row.ts";
import { BUCKET, depends, of, policy, S3 } from "./storage-world.ts";
import { all, change, plus, set, UNKNOWN, without } from "./world.ts";

const gone = (name: string, kind: string) => without(`${name}-${kind}`, S3(`Bucket${kind}`));
const allow = (principal: unknown, action: unknown = "s3:GetObject") => ({
  Effect: "Allow",
  Principal: principal,
  Action: action,
  Resource: "*",
});
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** What breaks each rule about what is said of a bucket. */
export const STORAGE_ROWS: readonly Row[] = [
  {
    rule: "buckets-keep-versions",
    breaks: [
      [gone("eu", "Versioning"), "eu: versioning is not set"],
      [of("eu", "Versioning", "versioningConfiguration.status", "Suspended"), "eu: versioning is Suspended"],
    ],
    // The only bucket that it depends on is the one that it is about.
    holds: [of("eu", "Versioning", "bucket", UNKNOWN)],
    unknown: [of("eu", "Versioning", "versioningConfiguration", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-are-encrypted-with-their-own-key",
    breaks: [
      [gone("eu", "ServerSideEncryptionConfiguration"), "eu: encryption is not set"],
      [
        of(
          "eu",
          "ServerSideEncryptionConfiguration",
          "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
          "AES256",
        ),
        "eu: encryption is AES256",
      ],
      [
        of(
          "eu",
          "ServerSideEncryptionConfiguration",
          "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
          undefined,
        ),
        "eu: it names no kmsMasterKeyId",
      ],
    ],
    unknown: [of("eu", "ServerSideEncryptionConfiguration", "rules", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-block-public-access",
    breaks: [
      [gone("eu", "PublicAccessBlock"), ...FLAGS.map((flag) => `eu: ${flag} is not true`)],
      ...FLAGS.map((flag) => [of("eu", "PublicAccessBlock", flag, false), `eu: ${flag} is not true`] as const),
    ],
    unknown: [of("eu", "PublicAccessBlock", "blockPublicPolicy", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-have-no-acls",
    breaks: [
      [gone("eu", "OwnershipControls"), "eu: objectOwnership is not set"],
      [of("eu", "OwnershipControls", "rule.objectOwnership", "ObjectWriter"), "eu: objectOwnership is ObjectWriter"],
    ],
    unknown: [of("eu", "OwnershipControls", "rule", UNKNOWN), "eu"],
  },
  {
    rule: "no-acl-opens-a-bucket",
    breaks: [
      [set("eu", BUCKET, "acl", "public-read"), "eu: acl is public-read"],
      [plus(S3("BucketAcl"), "acl", { bucket: "eu", acl: "public-read-write" }), "eu: acl is public-read-write"],
      [
        plus(S3("BucketAcl"), "acl", {
          bucket: "eu",
          accessControlPolicy: {
            grants: [{ grantee: { uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" } }],
          },
        }),
        "eu: it grants to http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
      ],
    ],
    holds: [set("eu", BUCKET, "acl", "private")],
    unknown: [set("eu", BUCKET, "acl", UNKNOWN), "eu"],
  },
  {
    rule: "bucket-policies-name-who-may",
    breaks: [
      [of("eu", "Policy", "policy", policy(allow("*"))), "eu: everybody may s3:getobject"],
      [of("eu", "Policy", "policy", policy(allow({ AWS: ["*"] }, ["s3:*"]))), "eu: everybody may s3:*"],
      [of("eu", "Policy", "policy", '{"Statement":[]}'), "eu: the rule failed to run: the policy has no statement"],
    ],
    holds: [of("eu", "Policy", "policy", policy(allow({ AWS: "arn:aws:iam::1:role/reader" })))],
    unknown: [of("eu", "Policy", "policy", UNKNOWN), "eu"],
  },
  {
    rule: "bucket-policies-lock-nobody-out",
    breaks: [
      [
        of("eu", "Policy", "policy", policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" })),
        "eu: everybody is denied s3:PutBucketPolicy, without a condition",
      ],
      [
        of("eu", "Policy", "policy", policy({ Effect: "Deny", Principal: "*", NotAction: "s3:Get*", Resource: "*" })),
        "eu: everybody is denied s3:PutBucketPolicy, without a condition",
      ],
    ],
    holds: [of("eu", "Policy", "policy", policy({ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket" }))],
    unknown: [of("eu", "Policy", "policy", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-speak-tls-alone",
    breaks: [
      [gone("eu", "Policy"), "eu: no policy denies requests without TLS"],
      [
        of("eu", "Policy", "policy", `{"Statement":${JSON.stringify(allow("*"))}}`),
        "eu: no policy denies requests without TLS",
      ],
    ],
    unknown: [of("eu", "Policy", "policy", UNKNOWN), "eu"],
  },
  {
    rule: "bucket-access-is-logged",
    breaks: [
      [gone("eu", "Logging"), "eu: access is not logged"],
      [
        all(of("eu", "Logging", "targetBucket", "eu"), gone("us", "Logging")),
        // It now takes logs, which the rule for those buckets judges.
        "logs: access is not logged",
        "us: access is not logged",
      ],
    ],
    holds: [depends("eu", "Logging", "logs")],
    unknown: [all(of("eu", "Logging", "targetBucket", UNKNOWN), gone("us", "Logging")), "(eu|logs|us)"],
  },
  {
    rule: "buckets-tell-of-events",
    breaks: [
      [gone("eu", "Notification"), "eu: nothing is told"],
      [of("eu", "Notification", "eventbridge", false), "eu: nothing is told"],
    ],
    holds: [
      all(of("eu", "Notification", "eventbridge", false), of("eu", "Notification", "topics", [{ topicArn: "x" }])),
    ],
    unknown: [of("eu", "Notification", "eventbridge", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-serve-no-website",
    breaks: [
      [set("eu", BUCKET, "website", { indexDocument: "index.html" }), "eu: it is a website"],
      [plus(S3("BucketWebsiteConfiguration"), "site", { bucket: "eu" }), "eu: it is a website"],
    ],
    unknown: [set("eu", BUCKET, "website", UNKNOWN), "eu"],
  },
  {
    rule: "buckets-are-kept",
    breaks: [
      [set("eu", BUCKET, "forceDestroy", true), "eu: forceDestroy is true"],
      [change("eu", BUCKET, (bucket) => ({ ...bucket, protect: false })), "eu: it is not protected"],
    ],
    unknown: [set("eu", BUCKET, "forceDestroy", UNKNOWN), "eu"],
  },
  {
    rule: "objects-are-encrypted-with-their-own-key",
    breaks: [
      [set("readme", S3("BucketObjectv2"), "kmsKeyId", undefined), "readme: kmsKeyId is not set"],
      [plus(S3("ObjectCopy"), "copy", { bucket: "eu" }), "copy: kmsKeyId is not set"],
    ],
    unknown: [set("readme", S3("BucketObjectv2"), "kmsKeyId", UNKNOWN), "readme"],
  },
  {
    rule: "access-points-block-public-access",
    breaks: FLAGS.map(
      (flag) =>
        [
          set("point", S3("AccessPoint"), `publicAccessBlockConfiguration.${flag}`, false),
          `point: ${flag} is not true`,
        ] as const,
    ),
    unknown: [set("point", S3("AccessPoint"), "publicAccessBlockConfiguration", UNKNOWN), "point"],
  },
];
