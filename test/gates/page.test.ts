import { describe, expect, it } from "vitest";

import type { Evidence } from "../../gates/evidence.ts";
import { statusPage } from "../../gates/page.ts";
import { gateReport } from "../../gates/report.ts";
import type { Task } from "../../gates/task.ts";
import { evidenceOf, factsOf, gateTask, NOW, probeTask, signOffTask } from "./fixtures.ts";

const TASKS: readonly (readonly Task[])[] = [
  [probeTask("0.1"), gateTask("0.2")],
  [probeTask("1.1"), { ...probeTask("1.3"), kind: "artefact" }, signOffTask("1.4"), gateTask("1.2")],
  [probeTask("2.1")],
];

function page(evidence: readonly Evidence[], urls: Record<string, string> = {}): string {
  const report = gateReport(TASKS, factsOf(evidence), NOW);
  return statusPage({ report, tasks: TASKS.flat(), evidence, urls });
}
/** Without markup. */
const plain = (html: string) =>
  html
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("the status page", () => {
  it("has every phase and every task, with its status as a word", () => {
    const text = plain(page([evidenceOf("0.1"), evidenceOf("1.1", { holds: false, detail: "a port is open" })]));
    expect(text).toContain("Stack dev NO-GO");
    expect(text).toContain("GO 0 Platform Readiness 2 of 2");
    expect(text).toContain("NO-GO 1 Infrastructure Baseline 0 of 4");
    for (const line of ["GO 0.1 Task 0.1", "NO-GO 1.1 Task 1.1", "PENDING 1.2 Gate 1.2", "PENDING 1.4 Decision 1.4"])
      expect(text).toContain(line);
  });

  it("opens the phases that a reader looks for", () => {
    const html = page([evidenceOf("0.1"), evidenceOf("1.1")]);
    expect(html.match(/<details( open)?>/g)).toEqual(["<details>", "<details open>", "<details>"]);
  });

  it("begins with what failed, what mends it, why it matters and whose it is", () => {
    const html = page([
      evidenceOf("0.1", { holds: false, detail: "a port is open" }),
      evidenceOf("1.1", { at: "2026-01-01T00:00:00.000Z" }),
      evidenceOf("1.3", { holds: false }),
    ]);
    const wrong = plain(html.slice(0, html.indexOf("<h2>Phases")));
    expect(wrong).toContain(
      "a port is open To mend it: npm run platform -- up --stack dev makes anew what was altered by hand; npm run platform -- verify --stack dev --task 0.1 measures again. Why it matters: it must. Owner: DevOps.",
    );
    expect(wrong).toContain(
      "counted until 2026-01-08T00:00:00.000Z; run npm run platform -- verify --stack dev --task 1.1 Why",
    );
    expect(wrong).toContain("To mend it: correct the file;");
    expect(plain(page([evidenceOf("0.1")]))).toContain("What is wrong No task failed.");
  });

  it("tells what mends a setting and a decision", () => {
    const setting: Task = { ...probeTask("0.1"), kind: "plan", findFault: () => "workers is 99" };
    const tasks = [[setting]];
    const html = statusPage({
      report: gateReport(tasks, factsOf([]), NOW),
      tasks: tasks.flat(),
      evidence: [],
      urls: {},
    });
    expect(plain(html)).toContain("workers is 99 To mend it: change that setting.");
    const report = gateReport(tasks, factsOf([]), NOW);
    const decided = report.phases.map((phase) => ({
      ...phase,
      tasks: phase.tasks.map((task) => ({ ...task, kind: "sign-off" as const, detail: "Ann (DevOps) said no: x" })),
    }));
    const other = statusPage({ report: { ...report, phases: decided }, tasks: [], evidence: [], urls: {} });
    expect(plain(other)).toContain("said no: x To mend it: do what was missed, and have it decided again.");
  });

  it("says how long evidence counts, and where what is reached", () => {
    const html = page([evidenceOf("0.1")], { odoo: "https://odoo.localhost:8443" });
    expect(plain(html)).toContain("Evidence of 2026-03-01 10:00 UTC counts until 2026-03-08 10:00 UTC.");
    expect(html).toContain('<a href="https://odoo.localhost:8443">');
    expect(page([])).not.toContain("Addresses");
  });

  it("takes nothing that it is told for markup, and brings no script and nothing from elsewhere", () => {
    const html = page(
      [evidenceOf("0.1", { holds: false, detail: `<script>alert("x")</script> & 'y' \`npm run <b>\`` })],
      { 'a"b': 'https://x/"onclick="y' },
    );
    expect(html).toContain(
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39; <code>npm run &lt;b&gt;</code>",
    );
    expect(html).not.toMatch(/<script|<link|<img|url\(|@import|"onclick/);
  });
});
