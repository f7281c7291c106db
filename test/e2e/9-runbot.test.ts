import { describe, expect, it } from "vitest";

import type { Build } from "../../engine/runbot/build.ts";
import { call, type Reply } from "./harness/odoo.ts";
import { platform, succeed } from "./harness/platform.ts";
import { until } from "./harness/until.ts";
import { statusOf } from "./harness/verdicts.ts";

/** Tests of dev may be making its edge anew. */
const page = async (path: string) => {
  let reply: Reply | undefined;
  await until(path, async () => {
    reply = await call(path, { host: "status.localhost" }).catch(() => undefined);
    return reply !== undefined;
  });
  return reply ?? { status: 0, headers: {}, text: "" };
};

describe("a build", () => {
  it("of the commit that is checked out is green, and on a page that the edge serves", async () => {
    const { stdout } = await succeed(["runbot", "build", "--json"]);
    const build = JSON.parse(stdout) as Build;
    expect(build).toMatchObject({ status: "green" });
    expect(build.modules.map(({ module, status }) => [module, status])).toEqual([
      ["ipai_platform", "green"],
      ["ipai_sign_on", "green"],
    ]);
    expect((await page("/builds/")).text).toContain(`href="${build.id}/"`);
    const own = await page(`/builds/${build.id}/`);
    expect(own.text).toContain("ipai_platform");
    expect((await page(`/builds/${build.id}/junit.xml`)).text).toContain('<testsuite name="ipai_platform"');
    await succeed(["status", "--html"]);
    expect((await page("/")).text).toContain('href="https://status.localhost:8443/builds/"');
    const { builds } = JSON.parse((await page("/builds/builds.json")).text) as { builds: Build[] };
    expect(builds[0]).toEqual(build);
  });

  it("that is killed half-way is red on the page, and the next one is none the worse", async () => {
    const killed = await platform(["runbot", "build"], { killWhen: /images: / });
    expect(killed.signal).toBe("SIGKILL");
    await succeed(["runbot", "page"]);
    expect((await page("/builds/")).text).toContain('<span class="status red">red</span>');
    expect((await succeed(["runbot", "list"])).stdout).toContain("the build was ended half-way");
    await succeed(["runbot", "build", "--base", "HEAD"]);
  });

  it("of a commit that isn't there is refused", async () => {
    const { exitCode, stderr } = await platform(["runbot", "build", "nowhere"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("There is no commit nowhere")]);
  });

  it("that shall be reported is refused where there is no token, before anything is built", async () => {
    const { exitCode, stderr } = await platform(["runbot", "build", "--report", "company/odoo"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("There is no .platform/git-host-token")]);
  });
});

describe("task 4.2", () => {
  it("is GO: a broken test turns a build red, and its repair the next one green", async () => {
    await platform(["verify", "--task", "4.2"]);
    expect(await statusOf(["4.2"])).toEqual({ "4.2": "GO" });
  });
});
