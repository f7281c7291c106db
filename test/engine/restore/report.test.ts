import { describe, expect, it } from "vitest";

import { describeReport, failedChecks, parseReport } from "../../../engine/restore/report.ts";
import { reportOf } from "./reports.ts";

describe("a report", () => {
  it("is the last line that the script prints", () => {
    expect(parseReport(`noise\n${JSON.stringify(reportOf())}\n`).backup_id).toBe("dev-1");
  });

  it.each(["", "no JSON", "{}"])("is refused where it is %j", (text) => {
    expect(() => parseReport(text)).toThrow();
  });

  it("is shown with every check, and RPO and RTO", () => {
    const text = describeReport(reportOf());
    expect(text).toContain("ok    heartbeat    12 s");
    expect(text).toContain("GO from one: RPO 12 s, RTO 80 s");
  });
});

describe("failed checks", () => {
  const failing = reportOf({
    holds: false,
    detail: "heartbeat: too old",
    findings: [{ check: "heartbeat", holds: false, measured: {}, limit: {}, detail: "too old" }],
  });

  it("stand in the way, unless they are accepted by name", () => {
    expect(failedChecks(failing)).toEqual(["heartbeat"]);
    expect(failedChecks(failing, ["heartbeat"])).toEqual([]);
    expect(failedChecks(failing, ["counts"])).toEqual(["heartbeat"]);
  });

  it("that were never reached can't be accepted", () => {
    const half = { ...failing, detail: "heartbeat: too old; not reached: attachments" };
    expect(failedChecks(half, ["heartbeat", "attachments"])).toEqual(["not reached"]);
    expect(failedChecks(reportOf({ holds: false, findings: [] }))).toEqual(["not reached"]);
  });
});
