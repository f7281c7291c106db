import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { dataVolume } from "../../components/data-volume.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

test.each([true, false])("a volume whose data is kept: %s", async (keep) => {
  const { resources } = await register(() => {
    const parent = new pulumi.ComponentResource("lab:index:Group", "group");
    dataVolume("odoo-filestore", { prefix: "shop-dev", parent, keep });
  });
  const volume = resources.find(({ type }) => type === TYPES.volume);
  expect(volume).toMatchObject({
    name: "odoo-filestore",
    parent: "urn:pulumi:test::lab::lab:index:Group::group",
    protect: keep,
    retainOnDelete: keep,
    inputs: {
      name: "shop-dev-odoo-filestore",
      labels: [{ label: "odoo-platform.stack", value: "shop-dev" }],
    },
  });
});
