import { describe, expect, it } from "vitest";

import { goLiveText } from "../../../engine/pages/go-live.ts";
import { GO_LIVE } from "../../../gates/go-live.ts";
import { signOffTask } from "../../gates/fixtures.ts";

describe("docs/GO_LIVE_CHECKLIST.md", () => {
  it("has every item with its role, where to look, and the command that signs it", () => {
    const page = goLiveText();
    for (const { id, title, owner, look } of GO_LIVE) {
      expect(page).toContain(`| \`6.2.${id}\` | ${title} | ${owner} |`);
      expect(page).toContain(`Look at: ${look}.`);
      expect(page).toContain(`--task 6.2.${id} --name NAME --role '${owner === "All" ? "Platform" : owner}'`);
    }
  });

  it("is refused for a task that has no items", () => {
    expect(() => goLiveText(signOffTask("6.2"))).toThrow("task 6.2 has no items to sign");
  });
});
