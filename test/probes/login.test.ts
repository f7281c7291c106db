import { describe, expect, it } from "vitest";

import { assetUrls, judge } from "../../probes/login.ts";

describe("the assets of a page", () => {
  it("are its scripts and stylesheets, those that load later too", () => {
    const page = `
      <link type="text/css" rel="stylesheet" href="/web/assets/1/web.assets_web.min.css"/>
      <link rel="shortcut icon" href="/web/static/img/favicon.ico"/>
      <link rel="preload" href="/web/static/x.woff2" as="font"/>
      <script type="text/javascript" src="/web/assets/1/web.assets_web.min.js"></script>
      <script data-src="/web/assets/2/lazy.min.js?a=1&amp;b=2"></script>
      <script>odoo = {};</script>
      <script src="https://elsewhere.example/x.js"></script>`;
    expect(assetUrls(page)).toEqual([
      "/web/assets/1/web.assets_web.min.css",
      "/web/assets/1/web.assets_web.min.js",
      "/web/assets/2/lazy.min.js?a=1&b=2",
    ]);
  });

  it.each([
    ["loads", "/a.js", 200, "application/javascript; charset=utf-8", "x", undefined],
    ["is a stylesheet", "/a.min.css?v=1", 200, "text/css; charset=utf-8", "x", undefined],
    ["is missing", "/a.js", 404, "text/html", "x", "answers 404"],
    ["is empty", "/a.js", 200, "application/javascript", "", "is empty"],
    ["is a page", "/a.js", 200, "text/html", "<html>", "is text/html, not javascript"],
    ["is of no type", "/a.css", 200, undefined, "x", "is of no type, not css"],
    ["did not compile", "/a.css", 200, "text/css", "a{}\n\n/* ## CSS error message ##*/b{}", "did not compile"],
  ])("are judged: one that %s", (_what, url, status, type, body, fault) => {
    const headers = type === undefined ? {} : { "content-type": type };
    expect(judge(url, { status, headers, body })).toEqual({ bytes: body.length, fault });
  });
});
