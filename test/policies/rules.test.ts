import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { CIS_DOCKER, type Item } from "../../policies/cis-docker.ts";
import { PRODUCTS, VULNERABLE } from "../../policies/pins/vulnerable.ts";
import { policiesDocument } from "../../policies/reference.ts";
import { ruleById, RULES } from "../../policies/rules.ts";
import { BEYOND_S3, CDK_NAG_S3, CHECKOV_S3 } from "../../policies/s3-catalogues.ts";
import { ROOT } from "../harness/plans.ts";
import { ALL_ROWS } from "./rows.ts";

// Written out once, so that a rule that comes or goes is seen in a review. Ids are permanent: exceptions name them.
const IDS = `
exceptions-are-in-order
generated-secrets-are-long
internal-networks-hide-the-host
production-data-is-protected
only-production-is-on-the-network
names-carry-project-and-stack
ways-out-are-named
phases-are-exported
required-phases-are-go
staging-has-no-way-out
the-stack-says-what-it-asks
containers-keep-apparmor
enclosed-containers-ask-no-name-server
containers-restart-within-bounds
containers-drop-all-capabilities
only-the-edge-publishes
services-get-time-to-stop
services-tell-their-health
images-are-named-by-their-content
containers-limit-cpu
containers-limit-memory
containers-add-listed-capabilities-only
low-ports-are-the-edges
ports-name-an-address
containers-get-no-devices
containers-see-no-docker-socket
containers-see-no-folder-of-the-host
containers-gain-no-privileges
containers-keep-names-and-kernel-settings
no-secret-in-a-command
no-secret-in-an-environment
no-secret-in-a-label
containers-run-no-ssh
containers-are-not-privileged
containers-run-as-a-numbered-user
containers-have-memory-segments-of-their-own
containers-stay-off-the-hosts-network
containers-have-processes-of-their-own
containers-limit-open-files
containers-keep-their-cgroup
containers-are-on-networks-of-the-stack
volumes-are-of-the-stack
mounts-are-not-shared-with-the-host
containers-have-a-read-only-root
containers-reap-their-processes
logs-are-rotated
containers-keep-seccomp
uploaded-secrets-are-marked
containers-keep-selinux
containers-do-not-swap
temporary-folders-run-nothing
containers-stay-off-the-hosts-users
odoo-is-no-superuser-of-the-database
odoo-verifies-the-database
demo-data-stays-in-development
odoo-links-are-https
odoo-hides-its-databases
odoo-master-password-is-generated
odoo-recycles-its-workers
odoo-memory-fits-its-processes
odoo-reaches-the-database-on-the-data-network
odoo-serves-one-database
odoo-trusts-the-edge-alone
odoo-workers-fit-the-cpus
connections-fit
databases-are-made-by-the-job
postgres-data-is-on-a-volume
postgres-writes-durably
postgres-stops-with-a-checkpoint
idle-transactions-end
postgres-is-on-internal-networks
roles-are-limited
postgres-leaves-memory-to-queries
postgres-settings-are-reviewed
postgres-keeps-scram
postgres-speaks-tls-alone
bases-are-named-by-their-content
no-image-is-latest
versions-are-not-known-as-vulnerable
known-products-state-their-version
unfinished-uploads-are-removed
access-points-block-public-access
backups-lie-in-several-regions
buckets-are-encrypted-with-their-own-key
buckets-have-a-life-cycle
buckets-are-kept
keys-are-in-the-buckets-region
locks-hold-for-everybody
locks-end-before-versions-expire
backups-are-locked
log-buckets-are-the-named-exception
bucket-access-is-logged
bucket-policies-name-who-may
buckets-have-no-acls
bucket-policies-lock-nobody-out
no-acl-opens-a-bucket
buckets-serve-no-website
buckets-tell-of-events
objects-are-encrypted-with-their-own-key
buckets-block-public-access
replicas-are-in-another-region-and-account
backups-outlive-a-month-end
buckets-speak-tls-alone
buckets-keep-versions
writers-delete-no-versions
`;

describe("rules", () => {
  test("are these", () => {
    expect(RULES.map(({ id }) => id)).toEqual(IDS.trim().split("\n"));
  });

  test("have ids of their own, and are found by them", () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.every((rule) => ruleById(rule.id) === rule)).toBe(true);
    expect(ruleById("no-such-rule")).toBeUndefined();
  });

  test("each has an id of words, and sentences without an end, which are put together", () => {
    const texts = RULES.flatMap(({ id, must, why, fix, reads }) => [must, why, fix, reads].map((text) => [id, text]));
    expect(texts.filter(([, text = ""]) => text.length < 5 || /[.!]$/.test(text))).toEqual([]);
    expect(RULES.filter(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([]);
  });

  test("each is one file, and each is listed", () => {
    const folders = ["containers", "odoo", "pins", "postgres", "stack", "storage"];
    const files = folders.flatMap((folder) =>
      readdirSync(join(ROOT, "policies", folder)).map((file) =>
        readFileSync(join(ROOT, "policies", folder, file), "utf8"),
      ),
    );
    const ids = files.flatMap((text) => [...text.matchAll(/^ {2}id: "([a-z0-9-]+)",$/gm)].map(([, id]) => id));
    expect(files.filter((text) => (text.match(/: Rule = /g) ?? []).length > 1)).toEqual([]);
    expect(ids.sort()).toEqual(RULES.map(({ id }) => id).sort());
  });

  test("each has fixtures that break it, and that leave it undecided", () => {
    expect(ALL_ROWS.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ id }) => id).sort());
    expect(ALL_ROWS.filter(({ breaks }) => breaks.length === 0)).toEqual([]);
  });
});

describe("catalogues", () => {
  const rulesOf = (items: readonly Item[]) =>
    items.flatMap(({ treatment }) => treatment.flatMap((one) => ("rule" in one ? [one.rule] : [])));

  test("CIS Docker, section 5: all 32 items", () => {
    expect(CIS_DOCKER.map(({ id }) => id)).toEqual(Array.from({ length: 32 }, (_, place) => `5.${place + 1}`));
  });

  test("Checkov: all 24 checks of S3; cdk-nag: all 4 rules; and 6 that neither has", () => {
    const numbers = [18, 19, 20, 21, 53, 54, 55, 56, 57, 70, 93, 143, 144, 145, 181, 186, 300, 379, 392];
    const checkov = [...numbers.map((id) => `CKV_AWS_${id}`), ...[6, 43, 61, 62, 65].map((id) => `CKV2_AWS_${id}`)];
    expect(CHECKOV_S3.map(({ id }) => id)).toEqual(checkov);
    expect(CDK_NAG_S3.map(({ id }) => id)).toEqual([1, 2, 5, 10].map((id) => `AwsSolutions-S${id}`));
    expect(new Set(rulesOf(BEYOND_S3)).size).toBe(6);
  });

  test.each<[string, readonly Item[], string]>([
    ["CIS Docker", CIS_DOCKER, "CIS Docker "],
    ["Checkov", CHECKOV_S3, ""],
    ["cdk-nag", CDK_NAG_S3, ""],
  ])("%s: every item is treated, by rules that say so", (_name, items, prefix) => {
    expect(items.filter(({ treatment }) => treatment.length === 0)).toEqual([]);
    for (const { id, treatment } of items)
      for (const one of treatment) if ("rule" in one) expect(ruleById(one.rule)?.sources).toContain(`${prefix}${id}`);
    const said = RULES.flatMap(({ sources }) => sources).filter((source) =>
      prefix === ""
        ? items[0] !== undefined && source.startsWith(items[0].id.split("_")[0] ?? "")
        : /^CIS Docker 5/.test(source),
    );
    if (prefix !== "")
      expect([...new Set(said)].sort()).toEqual(
        items
          .filter(({ treatment }) => treatment.some((one) => "rule" in one))
          .map(({ id }) => `${prefix}${id}`)
          .sort(),
      );
  });

  test("what is beyond them is covered by rules that there are, and that none of them names", () => {
    for (const id of rulesOf(BEYOND_S3)) expect(ruleById(id)?.sources).toEqual([]);
  });
});

describe("versions that are refused", () => {
  test("each says where that is written, and when it was read", () => {
    expect(VULNERABLE.filter(({ source, read }) => source === "" || !/^\d{4}-\d{2}-\d{2}$/.test(read))).toEqual([]);
    expect(VULNERABLE.length).toBeGreaterThanOrEqual(10);
  });

  test("the Caddy that is built is none of them", () => {
    const dockerfile = readFileSync(join(ROOT, "docker/Dockerfile.edge"), "utf8");
    const [, version = ""] = /^ARG CADDY_VERSION=v([\d.]+)$/m.exec(dockerfile) ?? [];
    expect(PRODUCTS.has("caddy")).toBe(true);
    expect(version.split(".").map(Number)).toSatisfy(
      ([major = 0, minor = 0, fix = 0]: number[]) => major > 2 || minor > 11 || fix >= 5,
    );
  });
});

test("the reference has every rule, with no cell that breaks its table", () => {
  const lines = policiesDocument(RULES).split("\n");
  const rows = lines.filter((line) => /^\| `[a-z0-9-]+` \| (mandatory|advisory) \|/.test(line));
  expect(rows).toHaveLength(RULES.length);
  expect(rows.filter((row) => row.replaceAll("\\|", "").split("|").length !== 9)).toEqual([]);
});
