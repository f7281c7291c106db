import { describe, expect, it } from "vitest";

import { findLockFaults, type Lock, lockSchema, pruned, whyLocked } from "../../../gates/addons/lock.ts";
import { lockText, requirementsText, sumsText } from "../../../gates/addons/lock-files.ts";
import { gitAddon, lockOf, pypiAddon, sha } from "./fixtures.ts";

const PROVIDED = { modules: ["base", "mail", "web"], python: ["requests"] };
const ask = (name: string, changes = {}) => pypiAddon(name, { wanted: true, ...changes });

describe("a lock that holds", () => {
  const lock = lockOf(
    { tool: ask("tool", { depends: ["base", "helper"], python: ["requests", "jose"] }), helper: pypiAddon("helper") },
    { jose: { python: ["rsa"] }, rsa: {} },
  );

  it("is closed over itself and Odoo", () => {
    expect(findLockFaults(lock, PROVIDED)).toEqual([]);
    expect(lockSchema.safeParse(lock).success).toBe(true);
  });

  it("is the same bytes whatever the order in which it was made", () => {
    const turned = { ...lock, addons: Object.fromEntries(Object.entries(lock.addons).reverse()) };
    expect(lockText(turned)).toBe(lockText(lock));
    expect(requirementsText(turned)).toBe(requirementsText(lock));
    expect(sumsText(turned)).toBe(sumsText(lock));
  });

  it("renders to what pip verifies, and to digests", () => {
    expect(requirementsText(lock).split("\n").slice(1)).toEqual([
      `jose==1.0 --hash=sha256:${sha("jose")}`,
      `odoo-addon-helper==19.0.1.0.0 --hash=sha256:${sha("helper")}`,
      `odoo-addon-tool==19.0.1.0.0 --hash=sha256:${sha("tool")}`,
      `rsa==1.0 --hash=sha256:${sha("rsa")}`,
      "",
    ]);
    const withGit = lockOf({ tool: ask("tool"), stock_tool: gitAddon("stock_tool") });
    expect(sumsText(withGit).split("\n").slice(1)).toEqual([
      `${sha("digest of stock_tool")} stock_tool oca/tools/stock_tool`,
      `${sha("digest of tool")} tool wheel`,
      "",
    ]);
    expect(requirementsText(withGit)).not.toContain("stock_tool");
  });
});

describe("refused as an entry", () => {
  it.each<[string, object]>([
    ["no commit", { commit: null }],
    ["HEAD", { commit: "HEAD" }],
    ["a branch", { commit: "19.0" }],
    ["a short commit", { commit: "0123abc" }],
    ["a path outside of addons/oca/", { path: "../../etc/tool" }],
    ["a version for another Odoo", { version: "18.0.1.0.0" }],
    ["a proprietary licence", { licence: "OPL-1" }],
    ["Enterprise's licence", { licence: "OEEL-1" }],
    ["no licence", { licence: "" }],
    ["a digest that is none", { digest: "abc" }],
    ["a key that is none", { branch: "19.0" }],
  ])("%s", (_what, changes) => {
    const lock = lockOf({ tool: { ...gitAddon("tool"), ...changes } });
    expect(lockSchema.safeParse(lock).success).toBe(false);
    expect(lockSchema.safeParse(lockOf({ tool: gitAddon("tool") })).success).toBe(true);
  });

  it.each<[string, object]>([
    ["no hash", { sha256: null }],
    ["a version that isn't one", { version: "HEAD" }],
    ["a wheel for one machine", { file: "odoo_addon_tool-19.0.1.0.0-cp313-cp313-linux_x86_64.whl" }],
    ["a distribution that isn't the OCA's", { dist: "odoo" }],
  ])("of the index: %s", (_what, changes) => {
    expect(lockSchema.safeParse(lockOf({ tool: { ...pypiAddon("tool"), ...changes } })).success).toBe(false);
  });
});

describe("refused as a whole", () => {
  it.each<[string, Lock, string]>([
    [
      "an unmet dependency",
      lockOf({ tool: ask("tool", { depends: ["absent"] }) }),
      "tool needs absent, which is not locked",
    ],
    [
      "unmet Python",
      lockOf({ tool: ask("tool", { python: ["absent"] }) }),
      "tool needs the Python distribution absent, which is not locked",
    ],
    [
      "unmet Python of Python",
      lockOf({ tool: ask("tool", { python: ["jose"] }) }, { jose: { python: ["rsa"] } }),
      "Python's jose needs rsa, which is not locked",
    ],
    ["a module of Odoo", lockOf({ mail: ask("mail") }), "mail is a module of Odoo CE"],
    ["one of our own", lockOf({ ours: ask("ours") }), "ours is one of our own addons"],
    ["what nothing needs", lockOf({ tool: pypiAddon("tool") }), "tool was not asked for, and nothing needs it"],
    ["Python that nothing needs", lockOf({ tool: ask("tool") }, { jose: {} }), "nothing needs Python's jose"],
    [
      "another addon's distribution",
      lockOf({ tool: ask("tool", { dist: "odoo-addon-evil" }) }),
      "tool is locked as odoo-addon-evil",
    ],
    [
      "another version's wheel",
      lockOf({ tool: ask("tool", { file: "odoo_addon_tool-19.0.9.0.0-py3-none-any.whl" }) }),
      "tool 19.0.1.0.0 is locked as odoo_addon_tool-19.0.9.0.0-py3-none-any.whl",
    ],
    [
      "another addon's folder",
      lockOf({ tool: gitAddon("tool", { path: "oca/tools/evil" }) }),
      "tool lies in oca/tools/evil",
    ],
  ])("%s", (_what, lock, fault) => {
    expect(findLockFaults(lock, PROVIDED, ["ours"])).toEqual([fault]);
  });
});

describe("what is needed by what", () => {
  const lock = lockOf(
    {
      a: ask("a", { depends: ["b"] }),
      b: pypiAddon("b", { depends: ["c"], python: ["jose"] }),
      c: pypiAddon("c"),
      d: ask("d", { depends: ["c"] }),
    },
    { jose: { python: ["rsa"] }, rsa: {} },
  );

  it("tells every way to an addon", () => {
    expect(whyLocked(lock, "c")).toEqual(["a → b → c", "d → c"]);
    expect(whyLocked(lock, "a")).toEqual(["a"]);
    expect(whyLocked(lock, "absent")).toEqual([]);
  });

  it("goes with what needed it, and with its Python", () => {
    const addons = { ...lock.addons, a: { ...ask("a", { depends: ["b"] }), wanted: false } };
    const left = pruned({ ...lock, addons });
    expect([Object.keys(left.addons).sort(), Object.keys(left.python)]).toEqual([["c", "d"], []]);
  });

  it("ends where addons need each other", () => {
    const circle = lockOf({ a: ask("a", { depends: ["b"] }), b: pypiAddon("b", { depends: ["a"] }) });
    expect(whyLocked(circle, "b")).toEqual(["a → b"]);
    expect(Object.keys(pruned(circle).addons)).toEqual(["a", "b"]);
  });
});
