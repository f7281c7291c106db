import { describe, expect, it } from "vitest";

import { IDENTITY_HEADERS, renderShellSite, settleShellSite } from "../../components/shell-site.ts";

describe("the way to the web shell", () => {
  it("has these defaults", () => {
    expect(settleShellSite()).toEqual({
      terminal: "shell-gate:7681",
      relyingParty: "sign-on:9080",
      sessionMinutes: 60,
      maxBodyKiB: 64,
    });
  });

  it.each<[Parameters<typeof settleShellSite>[0], string]>([
    [{ terminal: "shell" }, "shell: terminal must be host:port, such as shell:7681; got shell"],
    [{ terminal: "shell:0" }, "shell: terminal must be host:port, such as shell:7681; got shell:0"],
    [{ relyingParty: "a:1 {\n}" }, "shell: relyingParty must be host:port, such as shell:7681; got a:1 {\n}"],
    [{ relyingParty: "a:70000" }, "shell: relyingParty must be host:port, such as shell:7681; got a:70000"],
    [{ sessionMinutes: 0 }, "shell: sessionMinutes must be a whole number from 1 to 480; got 0"],
    [{ sessionMinutes: 1.5 }, "shell: sessionMinutes must be a whole number from 1 to 480; got 1.5"],
    [{ maxBodyKiB: 2000 }, "shell: maxBodyKiB must be a whole number from 1 to 1024; got 2000"],
  ])("refuses %j", (args, sentence) => {
    expect(() => settleShellSite(args)).toThrow(sentence);
  });

  it("carries its settings, and drops every identity header before anything reads one", () => {
    const text = renderShellSite(
      settleShellSite({ terminal: "t:1", relyingParty: "r:2", sessionMinutes: 3, maxBodyKiB: 4 }),
    );
    expect(text).toContain("reverse_proxy t:1 {");
    expect(text).toContain("reverse_proxy @login r:2");
    expect(text).toContain("reverse_proxy r:2 {");
    expect(text).toContain("stream_timeout 3m");
    expect(text).toContain("max_size 4KiB");
    const firstUse = text.indexOf("reverse_proxy");
    for (const pattern of IDENTITY_HEADERS) {
      const at = text.indexOf(`request_header -${pattern}\n`);
      expect([pattern, at > 0 && at < firstUse]).toEqual([pattern, true]);
    }
  });

  it("is indented by tabs alone, with a brace for each brace", () => {
    const text = renderShellSite(settleShellSite());
    expect(text).not.toMatch(/^ +/m);
    expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
  });
});
