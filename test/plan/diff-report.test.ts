import { describe, expect, it } from "vitest";

import { diffMarkdown, diffText, type ReviewedDiff } from "../../plan/diff-report.ts";

const NOTHING: ReviewedDiff = {
  ...{ stack: "dev", before: "a", after: "a", added: [], changed: [], removed: [], phases: [] },
  findings: { found: [], mended: [] },
};
const FINDING = { urn: "2", resource: "odoo", message: "runs as root", fix: "set a user" };
const DIFF: ReviewedDiff = {
  ...NOTHING,
  findings: {
    found: [{ ...FINDING, rule: "containers/user", level: "mandatory", status: "violation" }],
    mended: [{ ...FINDING, rule: "containers/pids", level: "advisory", status: "excepted" }],
  },
  added: [{ urn: "1", type: "docker:index/network:Network", name: "mail" }],
  changed: [
    {
      ...{ urn: "2", type: "docker:index/container:Container", name: "odoo", replaced: "yes", lost: [] },
      inputs: [
        { input: "image", effect: "replace", before: ["odoo:1"], after: ["odoo:2"] },
        { input: "command", effect: "replace", before: [], after: ["a | <b>", "x".repeat(200)] },
      ],
    },
    {
      ...{ urn: "3", type: "docker:index/volume:Volume", name: "data", replaced: "no", lost: ["protect"] },
      inputs: [],
    },
    {
      ...{ urn: "4", type: "cloud:x:Disk", name: "disk", replaced: "unknown", lost: [] },
      inputs: [{ input: "size", effect: "unknown", before: ["1"], after: ["2"] }],
    },
  ],
  removed: [{ urn: "5", type: "docker:index/volume:Volume", name: "old", risk: "everything in the volume is lost" }],
  phases: [
    {
      ...{ phase: 2, title: "Database", before: "GO", after: "NO-GO" },
      tasks: [{ id: "2.5", title: "Start", before: "GO", after: "NO-GO", detail: "evidence is of another plan" }],
    },
  ],
};

describe("a comparison of plans", () => {
  it("says when nothing changes", () => {
    expect(diffText(NOTHING, "main")).toBe("Stack dev, against main: nothing changes");
    expect(diffMarkdown(NOTHING, "main")).toBe("## Plan of stack dev against main\n\nnothing changes.");
  });

  it("is read in a terminal", () => {
    expect(diffText(DIFF, "main").replaceAll("x".repeat(159), "…x")).toMatchInlineSnapshot(`
      "Stack dev, against main: 1 added, 3 changed (1 replaced, 1 unknown), 1 removed, 1 findings new, 1 mended, 1 phase changed

      Added
        + Network mail

      Changed
        ~ Container odoo (replaced: yes)
            image (replaces it): odoo:1 → odoo:2
            command (replaces it): nothing → a | <b>, …x…
        ~ Volume data
            ! is no longer protected
        ~ Disk disk (replaced: unknown)
            size (only the provider knows): 1 → 2

      Removed
        - Volume old
            ! everything in the volume is lost

      Policies
        ! mandatory containers/user: odoo: runs as root; set a user
        mended: excepted containers/pids: odoo: runs as root; set a user

      Phases
        Phase 2 Database: GO → NO-GO
            2.5 Start: GO → NO-GO; evidence is of another plan"
    `);
  });

  it("is read in a pull request, what can lose data first, with nothing in it that Markdown takes for its own", () => {
    expect(diffMarkdown(DIFF, "ma|n").replaceAll("x".repeat(159), "…x")).toMatchInlineSnapshot(`
      "## Plan of stack dev against ma\\|n

      1 added, 3 changed (1 replaced, 1 unknown), 1 removed, 1 findings new, 1 mended, 1 phase changed.

      ### Data at risk

      | Resource | What is lost |
      | --- | --- |
      | Volume data | is no longer protected |
      | Volume old | everything in the volume is lost |

      ### New findings of the policies

      | Level | Rule | Resource | Finding | What mends it |
      | --- | --- | --- | --- | --- |
      | mandatory | containers/user | odoo | runs as root | set a user |

      ### Mended findings

      | Level | Rule | Resource | Finding | What mends it |
      | --- | --- | --- | --- | --- |
      | excepted | containers/pids | odoo | runs as root | set a user |

      ### Changed

      | Resource | Input | Effect | Before | After |
      | --- | --- | --- | --- | --- |
      | Container odoo | image | replaces it | odoo:1 | odoo:2 |
      |  | command | replaces it |  | a \\| \\<b\\>, …x… |
      | Disk disk | size | only the provider knows | 1 | 2 |

      ### Added

      | Type | Name |
      | --- | --- |
      | docker:index/network:Network | mail |

      ### Removed

      | Type | Name |
      | --- | --- |
      | docker:index/volume:Volume | old |

      ### Phases

      | Phase | Before | After |  |
      | --- | --- | --- | --- |
      | 2 Database | GO | NO-GO |  |
      | 2.5 Start | GO | NO-GO | evidence is of another plan |"
    `);
  });
});
