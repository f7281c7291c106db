import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";

import { ASPECTS } from "../../../engine/vault/aspects.ts";

/** What S3's interface answers, whatever is asked. */
const answering = (answer: object) => ({ send: () => Promise.resolve(answer) }) as unknown as S3Client;
const ASKED = { Bucket: "lab", ExpectedBucketOwner: "111122223333" };
const aspect = (what: string) => {
  const found = ASPECTS.find((one) => one.what === what);
  if (found === undefined) throw new Error(`no aspect ${what}`);
  return found;
};

test("whether events are told is seen by an element that has nothing in it", async () => {
  const events = aspect("telling of events");
  expect(events.wanted({ eventbridge: true })).toBe(true);
  expect(await events.found(answering({ EventBridgeConfiguration: {} }), ASKED)).toBe(true);
  expect(await events.found(answering({}), ASKED)).toBe(false);
});

describe("a policy", () => {
  const policy = aspect("policy");
  const text = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const deny = { Sid: "B", Effect: "Deny", Principal: "*", Action: ["s3:Get*", "s3:Put*"], Resource: "arn:x" };
  const allow = { Sid: "A", Effect: "Allow", Principal: { AWS: "arn:y" }, Action: "s3:*", Resource: ["arn:x"] };
  const found = async (...statements: object[]) => policy.found(answering({ Policy: text(...statements) }), ASKED);

  test("is the same in another order, and with lists of one as texts", async () => {
    const other = { ...deny, Action: ["s3:Put*", "s3:Get*"], Resource: ["arn:x"] };
    expect(await found(allow, other)).toEqual(policy.wanted({ policy: text(deny, allow) }));
  });

  test("is another one with another action, principal or condition", async () => {
    const wanted = policy.wanted({ policy: text(deny) });
    for (const change of [
      { Action: "s3:Get*" },
      { Principal: { AWS: "arn:y" } },
      { Condition: { Bool: { a: "true" } } },
    ])
      expect(await found({ ...deny, ...change })).not.toEqual(wanted);
  });
});

test("a lifecycle rule is what makes objects go, and when", async () => {
  const lifecycle = aspect("lifecycle");
  const planned = {
    ...{ id: "retention", status: "Enabled", expiration: { expiredObjectDeleteMarker: true } },
    ...{
      noncurrentVersionExpiration: { noncurrentDays: 35 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 3 },
    },
  };
  const live = (days: number) => ({
    ...{ ID: "retention", Status: "Enabled", Expiration: { ExpiredObjectDeleteMarker: true } },
    ...{
      NoncurrentVersionExpiration: { NoncurrentDays: days },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
    },
  });
  const found = (days: number) => lifecycle.found(answering({ Rules: [live(days)] }), ASKED);
  expect(await found(35)).toEqual(lifecycle.wanted({ rules: [planned] }));
  expect(await found(2)).toEqual([
    "retention (Enabled): old versions go after 2 days, unfinished uploads go after 3 days",
  ]);
});

test("a copy is where it goes, whether it goes, and whether deletions go along", async () => {
  const copy = aspect("copy in another account");
  const planned = {
    ...{ status: "Enabled", deleteMarkerReplication: { status: "Enabled" } },
    destination: { bucket: "arn:aws:s3:::copy", account: "444455556666" },
  };
  const live = (change: object = {}) =>
    answering({
      ReplicationConfiguration: {
        Rules: [
          {
            ...{ Status: "Enabled", DeleteMarkerReplication: { Status: "Enabled" } },
            ...{ Destination: { Bucket: "arn:aws:s3:::copy", Account: "444455556666" }, ...change },
          },
        ],
      },
    });
  const wanted = copy.wanted({ rules: [planned] });
  expect(wanted).toBe("Enabled to copy of 444455556666, with what is deleted");
  expect(await copy.found(live(), ASKED)).toBe(wanted);
  for (const change of [
    { Status: "Disabled" },
    { DeleteMarkerReplication: { Status: "Disabled" } },
    { Destination: { Bucket: "arn:aws:s3:::copy", Account: "111122223333" } },
  ])
    expect(await copy.found(live(change), ASKED)).not.toBe(wanted);
});
