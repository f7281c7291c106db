import { KINDS } from "./s3.ts";
import type { Rule } from "../rule.ts";
import { covers, statementsOf } from "./statements.ts";

const FORBIDDEN = [
  "s3:DeleteObjectVersion",
  "s3:PutBucketVersioning",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
] as const;

/** Whoever may write backups may not delete versions, turn versioning off, or pass the lock. */
export const writers: Rule = {
  id: "writers-delete-no-versions",
  level: "mandatory",
  must: "whoever may write backups may not delete versions, turn versioning off, or pass the lock",
  why: "the writer's key is on the machine that an intruder takes first",
  fix: "take these actions out of the policy, and s3:* with them",
  sources: [],
  reads: "IAM Policy, RolePolicy, UserPolicy, GroupPolicy, BucketPolicy: policy",
  types: [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    ...KINDS.policy,
  ],
  findFaults: (policy) => {
    const allowed = statementsOf(policy.read("policy")).filter(({ effect }) => effect === "Allow");
    const writes = allowed.some((statement) => covers(statement, "s3:PutObject"));
    return writes
      ? FORBIDDEN.filter((action) => allowed.some((statement) => covers(statement, action))).map(
          (action) => `a writer may ${action}`,
        )
      : [];
  },
};
