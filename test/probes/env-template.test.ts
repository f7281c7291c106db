import { describe, expect, it } from "vitest";

import { findVariableFaults, variablesNamed, variablesRead } from "../../probes/env-template.ts";

describe("the variables of a Compose file", () => {
  it("are found in every form, with their defaults; escaped dollars are text", () => {
    const file = "a: ${A:-1}\nb: ${B}\nc: $C\nd: ${D-x y}/tail\ne: $$E $${F}\nf: ${A:-1}";
    expect(Object.fromEntries(variablesRead(file))).toEqual({ A: "1", B: "", C: "", D: "x y" });
  });

  it("are compared with those of the template", () => {
    const read = variablesRead("x: ${A:-1} ${B:-2}");
    expect(findVariableFaults(read, variablesNamed("# text\nA=1\nB=2\n"))).toEqual([]);
    expect(findVariableFaults(read, variablesNamed("A=1\nC=3\n"))).toEqual([
      ".env.example does not name B",
      "docker-compose.yml does not read C",
    ]);
    expect(findVariableFaults(read, variablesNamed("A=1\nB=3\n"))).toEqual([
      ".env.example and docker-compose.yml give other defaults to B",
    ]);
  });
});
