import { describe, expect, it } from "vitest";

import { findTlsFaults, type TlsAnswers } from "../../probes/edge-tls.ts";

const SITE = { host: "odoo.localhost", httpPort: 8080, url: "https://odoo.localhost:8443" };
const GOOD: TlsAnswers = {
  https: "200",
  http: "308 https://odoo.localhost:8443/web/health",
  otherNames: "refused: tlsv1 alert internal error",
  oldTls: "refused: tlsv1 alert protocol version",
};

describe("the edge", () => {
  it.each<[string, Partial<TlsAnswers>, string[]]>([
    ["is as it should be", {}, []],
    // What answers behind it is for other tasks.
    ["answers with an error of its own", { https: "502" }, []],
    [
      "shows a certificate that expired",
      { https: "refused: certificate has expired" },
      ["odoo.localhost: refused: certificate has expired"],
    ],
    [
      "serves in plain text",
      { http: "200  with a body" },
      ["http://odoo.localhost:8080 answers 200  with a body, not a redirect to https://odoo.localhost:8443"],
    ],
    [
      "redirects elsewhere",
      { http: "308 https://odoo.localhost:8443.evil.example/web/health" },
      [
        "http://odoo.localhost:8080 answers 308 https://odoo.localhost:8443.evil.example/web/health, not a redirect to https://odoo.localhost:8443",
      ],
    ],
    [
      "redirects, and says more",
      { http: "308 https://odoo.localhost:8443/web/health with a body" },
      [
        "http://odoo.localhost:8080 answers 308 https://odoo.localhost:8443/web/health with a body, not a redirect to https://odoo.localhost:8443",
      ],
    ],
    [
      "has a certificate for every name",
      { otherNames: "TLSv1.3" },
      ["a certificate is shown for stranger.invalid too"],
    ],
    ["speaks an old protocol", { oldTls: "TLSv1.1" }, ["odoo.localhost still speaks TLSv1.1"]],
  ])("when it %s", (_what, changes, faults) => {
    expect(findTlsFaults(SITE, { ...GOOD, ...changes })).toEqual(faults);
  });
});
