import { PolicyPack } from "@pulumi/policy";

import { asPolicies } from "./crossguard.ts";
import { RULES } from "./rules.ts";

// Starts a server and prints its port: Pulumi loads this file, and nothing else may.
new PolicyPack("odoo-platform", { policies: asPolicies(RULES, () => new Date()), enforcementLevel: "mandatory" });
