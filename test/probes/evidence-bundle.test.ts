import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { composeBundle } from "../../gates/bundle.ts";
import { gateFacts } from "../../gates/json.ts";
import { sealed } from "../../gates/seal.ts";
import { TASKS } from "../../gates/tasks.ts";
import { commitBundle } from "../../probes/evidence-branch.ts";
import { evidenceBundle } from "../../probes/evidence-bundle.ts";
import { evidenceOf } from "../gates/fixtures.ts";
import { planOf } from "../harness/plans.ts";
import { makeRepository } from "../harness/repository.ts";
import { LAB, makeSigner } from "../harness/signer.ts";
import { contextWith, NOW } from "./fixtures.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle-"));
  makeRepository(root);
});
afterEach(() => rmSync(root, { recursive: true }));

/** The plan of dev with evidence of all of phase 2. */
async function proven() {
  const empty = gateFacts(await planOf("dev"));
  const ids = (TASKS[2] ?? []).filter(({ kind }) => kind !== "plan").map(({ id }) => id);
  const files = Object.fromEntries(
    (TASKS[2] ?? []).flatMap((task) => ("files" in task ? (task.files ?? []) : [])).map((path) => [path, "1"]),
  );
  const evidence = ids.map((id) => evidenceOf(id, { planDigest: empty.planDigest }));
  const plan = await planOf("dev", { evidence, files });
  return { plan, bundle: composeBundle(TASKS[2] ?? [], 2, gateFacts(plan), NOW) };
}
const measure = async () => evidenceBundle.measure(await contextWith({ root, plan: (await proven()).plan }));

describe("committed evidence", () => {
  it("holds when a signed bundle of all of it is in git", async () => {
    const { bundle } = await proven();
    const commit = commitBundle(root, sealed(bundle, LAB.key));
    expect(await measure()).toMatchObject({
      holds: true,
      measured: { commit, pieces: bundle.evidence.length, signer: "lab" },
    });
  });

  it("does not hold where there is none, and says what makes it", async () => {
    expect(await measure()).toMatchObject({
      holds: false,
      detail: "branch evidence/dev holds no evidence of phase 2; run `npm run platform -- evidence commit --stack dev`",
    });
  });

  it.each([
    ["signed by a stranger", "a key that is not admitted", {}, makeSigner("stranger")],
    ["of another plan", "is of another plan", { planDigest: "0" }, LAB],
  ])("does not hold when it is %s", async (_how, sentence, changes, { key }) => {
    const { bundle } = await proven();
    commitBundle(root, sealed({ ...bundle, ...changes }, key));
    const { holds, detail } = await measure();
    expect([holds, detail]).toEqual([false, expect.stringContaining(sentence)]);
  });
});
