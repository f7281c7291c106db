import type { Rule } from "../rule.ts";
import { bucketRule, saidOf } from "./s3.ts";

/** No access control list lets the public, or everybody with an account, in. */
export const noPublicAcl: Rule = bucketRule({
  id: "no-acl-opens-a-bucket",
  level: "mandatory",
  must: "no access control list lets the public, or everybody with an account, in",
  why: "public-read lists and hands out every backup",
  fix: "remove acl, or set it to private",
  sources: ["CKV_AWS_20", "CKV_AWS_57", "CKV2_AWS_43"],
  reads: "Bucket.acl, BucketAcl.acl, accessControlPolicy",
  findFaults: (bucket, look) => {
    const acls = [bucket, ...saidOf(bucket, "acl", look)];
    const canned = acls.map((one) => one.read("acl").text ?? "private");
    const grants = acls.flatMap((one) =>
      one.read("accessControlPolicy").present ? one.read("accessControlPolicy").at("grants").items : [],
    );
    const everybody = grants
      .map((grant) => grant.at("grantee").at("uri").word)
      .filter((uri) => /(AllUsers|AuthenticatedUsers)$/.test(uri));
    return [
      ...canned.filter((acl) => /^public-|^authenticated-/.test(acl)).map((acl) => `acl is ${acl}`),
      ...everybody.map((uri) => `it grants to ${uri}`),
    ];
  },
});
