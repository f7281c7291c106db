import { describe, expect, test } from "vitest";

import { isFirst, judgeBackups, type VaultStatus, withReadBack } from "../../probes/backup.ts";

const NOW = new Date("2026-03-02T01:30:00Z");

type Region = Exclude<VaultStatus[string], { fault: string }>;

const region = (changes: Partial<Region> = {}): Region => ({
  backups: [{ label: "20260302-010002F", type: "full", stopped: 1772413260, error: false }],
  newest_segment: "000000010000000000000010",
  newest_snapshot: "2026-03-02T01:29:10.5Z",
  manifests: ["20260301T010000Z-full", "20260302T010000Z-full"],
  bucket: { versioning: "Enabled", mode: "COMPLIANCE", days: 35, planned_days: 35 },
  lock: { mode: "COMPLIANCE", until: "2026-04-06T01:00:00Z" },
  ...changes,
});
const vault = (changes: VaultStatus = {}): VaultStatus => ({ a: region(), b: region(), c: region(), ...changes });

describe("backups (1.4)", () => {
  test("hold when every region has the newest one, in time and locked, and the same log", () => {
    const { holds, detail } = judgeBackups(vault(), NOW);
    expect(detail).toBe("20260302T010000Z-full is locked in a, b, c, with the log up to 000000010000000000000010");
    expect(holds).toBe(true);
  });

  test.each<[string, VaultStatus, Date, string]>([
    [
      "a region does not answer",
      vault({ b: { fault: "region b at vault-b:7070 does not answer" } }),
      NOW,
      "b: region b at vault-b:7070 does not answer",
    ],
    ["there are two regions", { a: region(), b: region() }, NOW, "there are 2 regions, and 3 are needed"],
    [
      "there is none yet",
      { a: region({ manifests: [] }), b: region({ manifests: [] }), c: region({ manifests: [] }) },
      NOW,
      "no region holds a backup yet",
    ],
    [
      "a region lacks the newest one",
      vault({ c: region({ manifests: ["20260301T010000Z-full"] }) }),
      NOW,
      "c: the newest backup, 20260302T010000Z-full, is missing",
    ],
    [
      "the newest one is too old",
      vault(),
      new Date("2026-03-03T03:00:01Z"),
      "the newest backup, 20260302T010000Z-full, is 26.0 h old",
    ],
    [
      "it is locked for who may undo it",
      vault({ a: region({ lock: { mode: "GOVERNANCE", until: "2026-04-06T01:00:00Z" } }) }),
      NOW,
      "a: 20260302T010000Z-full is not locked",
    ],
    [
      "a bucket keeps no versions",
      vault({ a: region({ bucket: { versioning: "", mode: "COMPLIANCE", days: 35, planned_days: 35 } }) }),
      NOW,
      "a: its versioning is off",
    ],
    [
      "a bucket locks what comes for less",
      vault({ a: region({ bucket: { versioning: "Enabled", mode: "COMPLIANCE", days: 1, planned_days: 35 } }) }),
      NOW,
      "a: it locks in mode COMPLIANCE for 1 days, not COMPLIANCE for 35",
    ],
    [
      "a bucket locks for who may undo it",
      vault({ a: region({ bucket: { versioning: "Enabled", mode: "GOVERNANCE", days: 35, planned_days: 35 } }) }),
      NOW,
      "a: it locks in mode GOVERNANCE for 35 days, not COMPLIANCE for 35",
    ],
    ["it is not locked", vault({ a: region({ lock: null }) }), NOW, "a: 20260302T010000Z-full is not locked"],
    [
      "a region's log ends early",
      vault({ b: region({ newest_segment: "00000001000000000000000D" }) }),
      NOW,
      "b: its WAL ends at 00000001000000000000000D, and others' at 000000010000000000000010",
    ],
    [
      "a region's log is of an older timeline",
      vault({ a: region({ newest_segment: "000000020000000000000010" }) }),
      NOW,
      "b: its WAL ends at 000000010000000000000010, and others' at 000000020000000000000010",
    ],
    ["a region has no log", vault({ b: region({ newest_segment: null }) }), NOW, "b: it holds no WAL"],
    [
      "files are not snapshotted any more",
      vault({ b: region({ newest_snapshot: "2026-03-02T00:59:59Z" }) }),
      NOW,
      "b: its newest snapshot of the files is of 2026-03-02T00:59:59Z",
    ],
    [
      "pages are broken",
      vault({ b: region({ backups: [{ label: "x", type: "full", stopped: 1, error: true }] }) }),
      NOW,
      "b: pgBackRest found page errors in its newest backup",
    ],
  ])("are NO-GO when %s", (_what, status, now, fault) => {
    const { holds, detail } = judgeBackups(status, now);
    expect(holds).toBe(false);
    expect(detail).toContain(fault);
  });

  test("may differ by the segment that is under way", () => {
    expect(judgeBackups(vault({ b: region({ newest_segment: "00000001000000000000000F" }) }), NOW).holds).toBe(true);
  });
});

test("a first backup is waited for while every region answers and none has had two", () => {
  const none = region({ manifests: [] });
  const one = region({ manifests: ["20260302T010000Z-full"] });
  expect(isFirst({ a: none, b: one })).toBe(true);
  expect(isFirst({ a: none, b: region() })).toBe(false);
  expect(isFirst({ a: none, b: { fault: "away" } })).toBe(false);
});

describe("buckets that were read back", () => {
  const bucket = (faults: string[]) => ({ bucket: "b", region: "eu-west-1", compared: ["lock"], faults });

  test("that are as planned add to what holds", () => {
    const { holds, detail } = withReadBack(judgeBackups(vault(), NOW), [bucket([]), bucket([])]);
    expect(holds).toBe(true);
    expect(detail).toMatch(/^20260302T010000Z-full is locked in .*; 2 buckets are what was planned$/);
  });

  test("that are not are worth no backup, and hide no other fault", () => {
    const whole = withReadBack(judgeBackups(vault(), NOW), [bucket(["b: its lock is not set"])]);
    expect(whole).toMatchObject({ holds: false, detail: "b: its lock is not set" });
    const broken = judgeBackups({ a: region(), b: region() }, NOW);
    expect(withReadBack(broken, [bucket(["b: its lock is not set"])]).detail).toBe(
      "there are 2 regions, and 3 are needed; b: its lock is not set",
    );
    expect(withReadBack(broken, [bucket([])]).holds).toBe(false);
  });
});
