import { describe, expect, it } from "vitest";

import {
  columns,
  gateReport,
  type GateReport,
  phaseTable,
  reportJson,
  reportJunit,
  reportMarkdown,
  reportTable,
} from "../../gates/report.ts";
import { evidenceOf, factsOf, gateTask, NOW, probeTask } from "./fixtures.ts";

const TASKS = [
  [probeTask("0.1"), gateTask("0.2")],
  [probeTask("1.1"), probeTask("1.10"), gateTask("1.2")],
];
const EVIDENCE = [
  evidenceOf("0.1"),
  evidenceOf("1.1", { holds: false, detail: 'user is "0:0" & <root>, planned "100:101" | *all*' }),
];

const report = (phase?: number): GateReport => gateReport(TASKS, factsOf(EVIDENCE), NOW, phase);

describe("the report", () => {
  it("is on the phase that was asked for, and on those before", () => {
    expect(report(0)).toMatchObject({ upTo: 0, verdict: "GO", phases: [{ phase: 0 }] });
    expect(report(1)).toMatchObject({ upTo: 1, verdict: "NO-GO", phases: [{ phase: 0 }, { phase: 1 }] });
  });

  it("is NO-GO where a phase before is, also when the last one is not", () => {
    const tasks = [...TASKS, [probeTask("2.1")]];
    const evidence = [...EVIDENCE, evidenceOf("2.1")];
    expect(gateReport(tasks, factsOf(evidence), NOW, 2).verdict).toBe("NO-GO");
  });

  it("is on the whole stack when no phase was", () => {
    expect(report()).toMatchObject({ upTo: "all", verdict: "NO-GO" });
  });

  it("is on no phase that there isn't: the last one's verdict would be taken for its", () => {
    expect(() => report(2)).toThrow("there is no phase 2; the plan has 2 phases, from 0");
  });

  it("is read back from JSON as it is", () => {
    expect(JSON.parse(reportJson(report()))).toEqual(report());
  });
});

describe("the table", () => {
  it("shows phases, then what is not GO and why", () => {
    expect(reportTable(report(), false)).toMatchInlineSnapshot(`
      "Stack dev, 2026-03-01T12:00:00.000Z

      Phase  Title                    Verdict  Tasks
      0      Platform Readiness       GO       2/2
      1      Infrastructure Baseline  NO-GO    0/3
             Overall                  NO-GO

      Not GO
      1.1   NO-GO    DevOps    Task 1.1: user is "0:0" & <root>, planned "100:101" | *all*
      1.10  PENDING  DevOps    Task 1.10: no evidence yet
      1.2   PENDING  Platform  Gate 1.2: waits for 1.1, 1.10"
    `);
  });

  it("of phases alone ends with the verdict on all", () => {
    expect(phaseTable(report(0).phases, "GO", false)).toMatchInlineSnapshot(`
      "Phase  Title               Verdict  Tasks
      0      Platform Readiness  GO       2/2
             Overall             GO"
    `);
  });

  it("paints verdicts where there is colour", () => {
    expect(phaseTable(report(0).phases, "GO", true)).toContain("\u001b[32mGO\u001b[39m");
  });

  it("aligns columns without lines, and leaves no space at the end of one", () => {
    expect(
      columns([
        ["a", "bb"],
        ["ccc", ""],
      ]),
    ).toBe("a    bb\nccc");
  });
});

describe("JUnit", () => {
  it("calls NO-GO a failure and PENDING skipped, and escapes what it is told", () => {
    expect(reportJunit(report())).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="gate of dev">
        <testsuite name="Phase 0: Platform Readiness" tests="2" failures="0" errors="0" skipped="0" timestamp="2026-03-01T12:00:00.000Z">
          <testcase name="0.1 Task 0.1" classname="probe"/>
          <testcase name="0.2 Gate 0.2" classname="plan"/>
        </testsuite>
        <testsuite name="Phase 1: Infrastructure Baseline" tests="3" failures="1" errors="0" skipped="2" timestamp="2026-03-01T12:00:00.000Z">
          <testcase name="1.1 Task 1.1" classname="probe"><failure message="user is &quot;0:0&quot; &amp; &lt;root&gt;, planned &quot;100:101&quot; | *all*"/></testcase>
          <testcase name="1.10 Task 1.10" classname="probe"><skipped message="no evidence yet"/></testcase>
          <testcase name="1.2 Gate 1.2" classname="plan"><skipped message="waits for 1.1, 1.10"/></testcase>
        </testsuite>
      </testsuites>"
    `);
  });

  it("leaves out characters that XML can't hold", () => {
    const bell = gateReport(
      [[probeTask("0.1")]],
      factsOf([evidenceOf("0.1", { holds: false, detail: "a\u0007b\tc" })]),
      NOW,
    );
    expect(reportJunit(bell)).toContain('message="a?b&#9;c"');
  });
});

describe("Markdown", () => {
  it("shows phases and all tasks, and escapes what it is told", () => {
    expect(reportMarkdown(report())).toMatchInlineSnapshot(`
      "## Gate of stack dev: NO-GO

      Decided at 2026-03-01T12:00:00.000Z.

      | Phase | Title | Verdict | Tasks |
      |---|---|---|---|
      | 0 | Platform Readiness | GO | 2/2 |
      | 1 | Infrastructure Baseline | NO-GO | 0/3 |

      ### Phase 0: Platform Readiness

      | Task | Title | Owner | Status | Finding |
      |---|---|---|---|---|
      | 0.1 | Task 0.1 | DevOps | GO | 0.1 was seen |
      | 0.2 | Gate 0.2 | Platform | GO | all else is GO |

      ### Phase 1: Infrastructure Baseline

      | Task | Title | Owner | Status | Finding |
      |---|---|---|---|---|
      | 1.1 | Task 1.1 | DevOps | NO-GO | user is "0:0" & \\<root\\>, planned "100:101" \\| \\*all\\* |
      | 1.10 | Task 1.10 | DevOps | PENDING | no evidence yet |
      | 1.2 | Gate 1.2 | Platform | PENDING | waits for 1.1, 1.10 |"
    `);
  });
});
