import { describe, expect, test } from "vitest";

import { buildPage, gridPage } from "../../../engine/runbot/page.ts";
import { buildOf } from "./builds.ts";

const AT = new Date("2026-03-01T13:00:00.000Z");

describe("the grid", () => {
  test("has a row a branch and a link a build, the newest first", () => {
    const newer = buildOf({ id: "20260301T123000-00000000", commit: "0".repeat(40), status: "red" });
    const page = gridPage([newer, buildOf(), buildOf({ branch: "feature" })], AT);
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, name]) => name)).toEqual(["main", "feature"]);
    expect([...page.matchAll(/href="(2026\S+?)\/"/g)].map(([, id]) => id).slice(0, 2)).toEqual([
      newer.id,
      buildOf().id,
    ]);
    expect(page).toContain('<span class="status red">red</span>');
  });

  test("says what to type where nothing was built", () => {
    expect(gridPage([], AT)).toContain("npm run platform -- runbot build");
  });

  test("links to the preview of a branch's newest commit, and of no older one", () => {
    const newest = buildOf({ commit: "a".repeat(40) });
    const older = buildOf({ commit: "b".repeat(40) });
    const link = '<a href="https://odoo.pr-1.localhost:9500">Preview</a>';
    const served = (commit: string) => new Map([[commit.repeat(40), "https://odoo.pr-1.localhost:9500"]]);
    expect(gridPage([newest, older], AT, served("a"))).toContain(link);
    expect(gridPage([newest, older], AT, served("b"))).not.toContain(link);
  });

  test("shows markup in names as text", () => {
    const page = gridPage([buildOf({ branch: "<b>x</b>", subject: '"><script>alert(1)</script>', author: "<i>" })], AT);
    expect(page).not.toMatch(/<script|<b>|<i>/);
  });
});

describe("a build's page", () => {
  test("has its modules, its coverage, how long it took, and the logs", () => {
    const page = buildPage(buildOf({ status: "yellow" }), { ipai_shop: "WARNING <old>" });
    expect(page).toContain("ended after 90 s; 91.5 % of the modules' code ran");
    expect(page).toMatch(/<td>ipai_shop<\/td><td>3<\/td><td>91.5 %<\/td><td>30 s<\/td>/);
    expect(page).toContain("<pre>WARNING &lt;old&gt;</pre>");
    expect(page).toContain('href="junit.xml"');
  });

  test("of one that runs has no end", () => {
    const page = buildPage(buildOf({ status: "running", endedAt: null, modules: [] }), {});
    expect(page).not.toMatch(/ended after|<table/);
  });
});
