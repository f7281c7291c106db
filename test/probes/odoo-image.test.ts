import { describe, expect, it } from "vitest";

import { findKernelFaults, parseKernel } from "../../probes/odoo-image.ts";

const GOOD =
  "uid 100\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n";

describe("what the kernel says of Odoo", () => {
  it.each([
    ["is right", GOOD, []],
    ["is root", GOOD.replace("uid 100", "uid 0"), ["it runs as uid 0"]],
    [
      "has capabilities",
      GOOD.replace("CapEff:\t0000000000000000", "CapEff:\t00000000a80425fb"),
      ["it has capabilities (CapEff: 00000000a80425fb)"],
    ],
    ["may gain privileges", GOOD.replace("NoNewPrivs:\t1", "NoNewPrivs:\t0"), ["it may gain privileges"]],
    ["writes its root", `${GOOD}writable /\nwritable /etc\n`, ["it can write /, /etc"]],
    ["says nothing", "", ["it runs as uid unknown", "it may gain privileges"]],
  ])("when it %s", (_what, text, faults) => {
    expect(findKernelFaults(parseKernel(text))).toEqual(faults);
  });
});
