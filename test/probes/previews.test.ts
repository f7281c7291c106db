import { expect, it } from "vitest";

import { judgePreview, type SeenPreview } from "../../probes/previews.ts";

const good: SeenPreview = { seconds: 21.4, harm: undefined, link: [303, 200, 403], left: [], lost: [] };

it("holds where a preview came in time, was harmless, let in once, and left nothing", () => {
  expect(judgePreview(good)).toMatchObject({ holds: true, measured: { seconds: 21 } });
});

it.each<[string, Partial<SeenPreview>, string]>([
  ["is slow", { seconds: 61 }, "it took 61 s"],
  ["could mail", { harm: "mail servers: 1" }, "it is not harmless: mail servers: 1"],
  ["lets in twice", { link: [303, 200, 303] }, "the link, its page and the link again answered 303, 200, 303"],
  ["lets nobody in", { link: [403, 200, 403] }, "the link, its page and the link again answered 403, 200, 403"],
  ["leaves a volume", { left: ["odoo-platform-pr-1-x"] }, "left behind: odoo-platform-pr-1-x"],
  ["takes another one with it", { lost: [7] }, "other previews are gone: 7"],
])("does not hold where one %s", (_, change, detail) => {
  expect(judgePreview({ ...good, ...change })).toMatchObject({ holds: false, detail });
});

it("does not hold where the workflow has a fault", () => {
  expect(judgePreview(good, ["previews.yml is missing"])).toMatchObject({ holds: false });
});
