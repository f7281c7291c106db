import { describe, expect, test } from "vitest";

import { settleMail } from "../../components/mail.ts";
import { containerIn, planOf } from "../harness/plans.ts";

const relay = { host: "smtp.example.com", port: 587, user: "odoo", dkimSelectors: ["mail2026"] };
const ARGS = { stage: "production", domain: "erp.example.com", enabled: true, relay };

describe("mail", () => {
  test("goes nowhere where it is off", () => {
    expect(settleMail({ ...ARGS, enabled: false })).toBeUndefined();
  });

  test("goes to the relay in production, by STARTTLS, from an address of the domain", () => {
    expect(settleMail(ARGS)).toEqual({
      ...{ caught: false, host: "smtp.example.com", port: 587, tls: true, user: "odoo" },
      ...{ from: "odoo@erp.example.com", dkimSelectors: ["mail2026"] },
    });
  });

  // The configuration refuses a relay there; were it to slip through, it would still reach nobody.
  test.each(["development", "staging"])("stays in the stack in %s, whatever relay there is", (stage) => {
    expect(settleMail({ ...ARGS, stage })).toMatchObject({ caught: true, host: "mail", port: 1025 });
  });
});

describe("the catcher", () => {
  test("is on the network of the senders, which leads nowhere, and on the edge's", async () => {
    const plan = await planOf("staging");
    const { inputs } = containerIn(plan, "mail-catcher");
    expect(inputs["networksAdvanced"]).toEqual(
      ["mail", "edge"].map((name) => ({ name: `odoo-platform-staging-${name}`, aliases: ["mail"] })),
    );
    expect(plan.resources.find(({ name, type }) => name === "mail" && type.endsWith(":Network"))?.inputs).toMatchObject(
      {
        internal: true,
      },
    );
  });

  test("has a page where nobody but this machine reaches it, and none elsewhere", async () => {
    const hosts = async (stack: "dev" | "staging" | "prod") =>
      (containerIn(await planOf(stack), "edge").inputs["envs"] as string[]).filter((line) => line.startsWith("MAIL_"));
    expect([await hosts("dev"), await hosts("staging"), await hosts("prod")]).toEqual([
      ["MAIL_HOST=mail.localhost"],
      [],
      [],
    ]);
  });
});

test("in production the password of the relay is a file, of Odoo's and of the Alertmanager's alone", async () => {
  const plan = await planOf("prod");
  const holders = plan.resources
    .filter(({ inputs }) => JSON.stringify(inputs["uploads"] ?? "").includes("/run/secrets/smtp-password"))
    .map(({ name }) => name)
    .sort();
  expect(holders).toEqual(["alertmanager-secrets", "odoo-secrets"]);
  expect(JSON.stringify(containerIn(plan, "odoo").inputs["envs"])).not.toContain("password");
});
