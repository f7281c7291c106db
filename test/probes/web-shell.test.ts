import { describe, expect, it } from "vitest";

import { gateFacts } from "../../gates/json.ts";
import { findSessionFaults, webShell } from "../../probes/web-shell.ts";
import { coreOf } from "../harness/plans.ts";
import { contextWith } from "./fixtures.ts";

const HELD = { read: true, wrote: false, banner: true, recorded: true, ended: true };

describe("a session of the reader's terminal", () => {
  it("holds when it read, could not write, and is on record", () => {
    expect(findSessionFaults(HELD)).toEqual([]);
  });

  it.each([
    [{ read: false }, "the reader's terminal doesn't read the views"],
    [{ wrote: true }, "the reader's terminal writes"],
    [{ banner: false }, "a terminal doesn't say which stage it is of"],
    [{ recorded: false }, "what a terminal showed is not in its record"],
    [{ ended: false }, "a session is not on record with its begin and its end"],
  ])("doesn't with %j", (change, fault) => {
    expect(findSessionFaults({ ...HELD, ...change })).toEqual([fault]);
  });
});

describe("4.4", () => {
  it("is NO-GO where there is no web shell", async () => {
    const { settings } = gateFacts(await coreOf("dev"));
    expect(await webShell.measure(await contextWith({ settings }))).toMatchObject({
      holds: false,
      detail: "there is no web shell; set identity.enabled and shell.enabled",
    });
  });
});
