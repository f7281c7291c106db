import { describe, expect, it } from "vitest";

import { type FoundCopy, judgeCopies } from "../../probes/neutral-copy.ts";

const now = new Date("2026-03-01T00:00:00Z");
const good: FoundCopy = {
  ...{ stack: "staging", backup: "20260201T000000Z-full", region: "region-b", anonymised: false },
  ...{ at: "2026-02-01T00:00:00Z", egress: false, harm: undefined },
};

describe("a copy of production", () => {
  it("holds when the newest is recent, harmless, and has no way out", () => {
    const older = { ...good, stack: "old", at: "2025-01-01T00:00:00Z", harm: "API keys: 1" };
    expect(judgeCopies([older, good], "prod", now)).toMatchObject({
      holds: true,
      measured: { stack: "staging", harm: null },
      detail: "staging is a copy of 20260201T000000Z-full from region-b, and every rule of neutralisation holds in it",
    });
  });

  it.each<[string, readonly FoundCopy[], string]>([
    ["is missing", [], "no stack that runs here is a copy of prod; `npm run platform -- clone --from prod` makes one"],
    ["is not harmless", [{ ...good, harm: "API keys: 1" }], "staging: API keys: 1"],
    ["has a way out", [{ ...good, egress: true }], "staging reaches what is outside"],
    ["is old", [{ ...good, at: "2025-11-01T00:00:00Z" }], "staging was made 120 days ago"],
  ])("does not when it %s", (_what, copies, detail) => {
    expect(judgeCopies(copies, "prod", now)).toMatchObject({ holds: false, detail });
  });
});
