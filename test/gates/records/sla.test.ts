import { describe, expect, it } from "vitest";

import { recordMarkdown } from "../../../gates/records/markdown.ts";
import { findRecordFault, recordSchema, type Sla } from "../../../gates/records/record.ts";
import { composeSla, type SlaFacts, windowSeconds } from "../../../gates/records/sla.ts";
import { sealed } from "../../../gates/seal.ts";
import { LAB } from "../../harness/signer.ts";
import { NOW } from "../fixtures.ts";

const AGREEMENT = { window: "30d", availabilityPercent: 99.5, p95Milliseconds: 1000, rpoSeconds: 300, rtoSeconds: 900 };
const GOOD: SlaFacts = {
  ...{ stack: "dev", agreement: AGREEMENT, asked: 259_200, answered: 258_500, expected: 259_200, p95: 0.42 },
  ...{ outages: [], drill: { rpo: 22, rto: 66, at: "2026-02-20T10:00:00.000Z" } },
};
const missed = (changes: Partial<SlaFacts>) =>
  composeSla({ ...GOOD, ...changes }, NOW).terms.flatMap(({ term, met }) => (met ? [] : [term.split(" ")[0]]));
const judge = { stack: "dev", signers: [LAB.signer], now: NOW };

describe("an agreement", () => {
  it("that is met can be signed, and says what was measured", () => {
    const record = composeSla(GOOD, NOW);
    expect(record.terms.map(({ measured }) => measured)).toEqual(["100 %", "99.729 %", "0.420 s", "22.0 s", "66.0 s"]);
    expect(record.from).toBe("2026-01-30T12:00:00.000Z");
    expect(recordSchema.parse(record)).toEqual(record);
    expect(findRecordFault(sealed(record, LAB.key) as Sla, judge)).toBeUndefined();
    const page = recordMarkdown(record);
    expect(page).toContain("What was agreed is met.");
    expect(page).toContain("| available | 99.5 % | 99.729 % | yes |");
    expect(page).toContain("drill of 2026-02-20T10:00:00.000Z");
  });

  it.each<[string, Partial<SlaFacts>, string[]]>([
    ["Odoo was away too long", { answered: 257_903 }, ["available"]],
    ["nobody watched for two days", { asked: 241_920, answered: 241_920 }, ["watched"]],
    ["nothing was measured", { asked: 0, answered: 0, p95: undefined }, ["watched", "available", "answered"]],
    ["answers were slow", { p95: 1.001 }, ["answered"]],
    ["nobody drilled", { drill: undefined }, ["work", "back"]],
    ["a drill lost too much", { drill: { rpo: 301, rto: 66, at: NOW.toISOString() } }, ["work"]],
    ["a drill took too long", { drill: { rpo: 22, rto: 901, at: NOW.toISOString() } }, ["back"]],
  ])("is not met where %s", (_what, changes, terms) => {
    expect(missed(changes)).toEqual(terms);
  });

  it("that is not met can't be signed, and its page says so", () => {
    const record = composeSla({ ...GOOD, answered: 250_000 }, NOW);
    expect(findRecordFault(sealed(record, LAB.key) as Sla, judge)).toBe("does not meet what was agreed: available");
    expect(recordMarkdown(record)).toContain("What was agreed is **not** met.");
  });

  it("is not rounded up to", () => {
    const record = composeSla({ ...GOOD, asked: 100_000, answered: 99_499, expected: 100_000 }, NOW);
    expect(record.terms[1]).toMatchObject({ measured: "99.499 %", met: false });
  });

  it("is looked back on for minutes, hours or days", () => {
    expect([windowSeconds("3m"), windowSeconds("2h"), windowSeconds("30d")]).toEqual([180, 7200, 2_592_000]);
  });
});
