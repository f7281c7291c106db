import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { LOCK_FILE, LOCK_FILES } from "../../gates/addons/lock-files.ts";
import { ocaLock } from "../../probes/oca-lock.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { contextWith } from "./fixtures.ts";

describe("the lock of addons", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
  });
  afterEach(() => clone.discard());
  const measure = async () => ocaLock.measure(await contextWith({ root: clone.root }));

  it("holds", async () => {
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([true, expect.stringMatching(/^\d\d addons of \d\d repositories are pinned/)]);
  });

  const edit = (change: (lock: { addons: Record<string, Record<string, unknown>> }) => void) => () => {
    const lock = JSON.parse(clone.read(LOCK_FILE)) as Parameters<typeof change>[0];
    change(lock);
    clone.write(LOCK_FILE, `${JSON.stringify(lock, null, 2)}\n`);
  };
  const ofQueue = (changes: Record<string, unknown>) =>
    edit(({ addons }) => Object.assign(addons["queue_job"] ?? {}, changes));

  it.each<[string, () => void, RegExp]>([
    ["is gone", () => clone.remove(LOCK_FILE), /^oca\.lock\.json is missing; 0 addons are locked/],
    ["pins nothing", ofQueue({ sha256: null }), /addons\.queue_job\.sha256: must be text; got null/],
    ["has a licence off the list", ofQueue({ licence: "OPL-1" }), /addons\.queue_job\.licence: must be one of/],
    [
      "lacks a dependency",
      edit(({ addons }) => delete addons["report_xlsx"]),
      /mis_builder needs report_xlsx, which is not locked/,
    ],
    [
      "has another digest than the image is built from",
      ofQueue({ digest: "0".repeat(64) }),
      /addons\.sum is not what the lock renders to/,
    ],
    [
      "is not what the wheels are fetched by",
      () => clone.replace(LOCK_FILES.requirements, "sha256:7d43", "sha256:0000"),
      /requirements\.txt is not what the lock renders to/,
    ],
  ])("does not hold where it %s", async (_what, breakIt, fault) => {
    breakIt();
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringMatching(fault)]);
  });
});
