import { describe, expect, it } from "vitest";
import { x } from "tinyexec";

// Programs of images have tests of their own, in their own language.
describe.each([
  ["the program of the backup image", "backup", 10],
  ["the program that tests modules", "ci", 1],
  ["the gate of the web shell", "shell", 1],
  ["the program of Odoo's image", "odoo", 6],
])("%s", (_what, folder, least) => {
  it("passes its own tests, which are Python's", async () => {
    const { exitCode, stderr } = await x("python3", ["-m", "unittest", "discover", "-s", `test/docker/${folder}`], {
      nodeOptions: { env: { PYTHONPATH: `docker/${folder}`, PYTHONDONTWRITEBYTECODE: "1" } },
    });
    expect(exitCode, stderr).toBe(0);
    // Python ends with 0 where it found no test at all, before 3.12.
    expect(Number(/Ran (\d+) tests/.exec(stderr)?.[1])).toBeGreaterThanOrEqual(least);
  });
});
