import { describe, expect, test } from "vitest";

import {
  keyPolicy,
  logPolicy,
  type Statement,
  takesReplicas,
  vaultPolicy,
} from "../../../components/backup-vault/aws-statements.ts";

const PRINCIPALS = {
  writer: "arn:aws:iam::1:user/writer",
  reader: "arn:aws:iam::1:user/reader",
  breakGlass: "arn:aws:iam::1:role/glass",
};

const statementsOf = (policy: string) => (JSON.parse(policy) as { Statement: Statement[] }).Statement;
const statement = (policy: string, sid: string) => statementsOf(policy).find(({ Sid }) => Sid === sid);

// Proves what is asked of AWS, not that AWS does it: conditions are evaluated by AWS alone.
describe("a vault's bucket", () => {
  const policy = vaultPolicy({ bucket: "b" }, PRINCIPALS);

  test("opens nothing", () => {
    expect(statementsOf(policy).filter(({ Effect }) => Effect !== "Deny")).toEqual([]);
  });

  test("denies nothing to everybody without a condition", () => {
    expect(statementsOf(policy).filter(({ Condition }) => Condition === undefined)).toEqual([]);
  });

  test("refuses requests without TLS, or with an old one", () => {
    expect(statement(policy, "OverTlsAlone")).toMatchObject({
      Action: "s3:*",
      Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(statement(policy, "OverNewTls")?.Condition).toEqual({ NumericLessThan: { "s3:TlsVersion": "1.2" } });
  });

  test("lets only the break-glass administrator end versions", () => {
    const { Action, Condition } = statement(policy, "OnlyBreakGlassDestroys") ?? {};
    expect(Action).toEqual(expect.arrayContaining(["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]));
    expect(Condition).toEqual({ ArnNotEquals: { "aws:PrincipalArn": PRINCIPALS.breakGlass } });
  });

  test("takes from the keys on hosts what changes a bucket, whatever else they were given", () => {
    const { Action, Condition } = statement(policy, "KeysOnHostsAdministerNothing") ?? {};
    expect(Action).toEqual(expect.arrayContaining(["s3:PutBucket*", "s3:PutLifecycleConfiguration"]));
    expect(Condition).toEqual({ ArnEquals: { "aws:PrincipalArn": [PRINCIPALS.writer, PRINCIPALS.reader] } });
  });

  test("refuses other encryption only where a request asks for some: without a header the bucket's own is used", () => {
    expect(statement(policy, "EncryptedWithKms")?.Condition).toEqual({
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
    });
  });
});

describe("a log bucket", () => {
  const LOGS = { logBucket: "l", account: "1" };

  test("takes the logs of one bucket, and a trail's where there is one", () => {
    expect(statement(logPolicy(LOGS, { accessesTo: "b" }), "AccessLogs")).toMatchObject({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Resource: "arn:aws:s3:::l/*",
      Condition: { StringEquals: { "aws:SourceAccount": "1" }, ArnEquals: { "aws:SourceArn": "arn:aws:s3:::b" } },
    });
    expect(statement(logPolicy(LOGS, { accessesTo: "b" }), "TrailWrites")).toBeUndefined();
    const withTrail = logPolicy(LOGS, { accessesTo: "b", trail: "arn:trail" });
    expect(statement(withTrail, "TrailWrites")?.Condition?.["ArnEquals"]).toEqual({ "aws:SourceArn": "arn:trail" });
    expect(statement(withTrail, "TrailLooks")?.Resource).toBe("arn:aws:s3:::l");
  });
});

test("only the break-glass administrator ends a key, and the account's root can always mend its policy", () => {
  const policy = keyPolicy("1", PRINCIPALS.breakGlass);
  expect(statement(policy, "PoliciesOfTheAccount")).toMatchObject({ Principal: { AWS: "arn:aws:iam::1:root" } });
  const denied = statement(policy, "OnlyBreakGlassEndsIt");
  expect(denied?.Action).toContain("kms:ScheduleKeyDeletion");
  expect(denied?.Action).not.toContain("kms:PutKeyPolicy");
});

test("a copy lets in the one role that copies", () => {
  expect(takesReplicas({ bucket: "c" }, "arn:role").map(({ Principal }) => Principal)).toEqual([
    { AWS: "arn:role" },
    { AWS: "arn:role" },
  ]);
});
