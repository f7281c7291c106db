import { MAPPING_FILE } from "./addons/ee-parity.ts";
import { LOCK_FILE, LOCK_FILES } from "./addons/lock-files.ts";
import type { Task } from "./task.ts";

/** CE + OCA parity: what Enterprise sells is had from CE, OCA and services, or named as a gap. */
export const phase3: readonly Task[] = [
  {
    id: "3.1",
    title: "Generate oca.lock.json",
    owner: "Platform",
    kind: "artefact",
    must: "every addon is pinned by commit or hash, licensed, and closed over its dependencies",
    because: "an unpinned addon is another addon tomorrow",
    files: [LOCK_FILE, ...Object.values(LOCK_FILES)],
  },
  {
    id: "3.2",
    title: "Set up OCA modules",
    owner: "Platform",
    kind: "probe",
    must: "every locked addon is in the image, byte for byte",
    because: "what was reviewed must be what runs",
  },
  {
    id: "3.3",
    title: "Verify IPAI modules",
    owner: "Platform",
    kind: "probe",
    must: "every first-party module installs on a clean database and does what it says",
    because: "users meet these modules first",
  },
  {
    id: "3.4",
    title: "ci-odoo-ce.yml",
    owner: "Platform",
    kind: "artefact",
    must: "the workflow passes actionlint and runs the same verb that developers run",
    because: "two ways to test are two truths",
  },
  {
    id: "3.5",
    title: "ee_parity_mapping.yml",
    owner: "Platform",
    kind: "artefact",
    must: "every mapped feature names modules that exist, and its tier is computed",
    because: "a made-up module name closes no gap",
    files: [MAPPING_FILE, LOCK_FILE],
  },
  {
    id: "3.6",
    title: "Run module tests",
    owner: "CI",
    kind: "probe",
    must: "all tests of first-party and locked modules pass, with no warning",
    because: "an update that breaks posting is found by the accountant",
  },
  {
    id: "3.7",
    title: "Run Phase 3 gate",
    owner: "Platform",
    kind: "plan",
    gate: true,
    must: "every other task of phase 3, and the phases before, is GO",
    because: "parity that was not run is a claim",
  },
];
