import type { Task } from "./task.ts";

/** Odoo.sh operational parity: branches, builds, backups and a shell, as developers know them. */
export const phase4: readonly Task[] = [
  {
    id: "4.1",
    title: "Gap 1: branch promotion",
    owner: "Platform",
    kind: "probe",
    must: "a promotion went from dev to staging to prod, and a bad one was rolled back by itself",
    because: "a release that can't go back goes on a Friday once only",
  },
  {
    id: "4.2",
    title: "Gap 2: runbot dashboard",
    owner: "Platform",
    kind: "probe",
    must: "a broken test turns a build red and its fix turns it green",
    because: "nobody reads a dashboard that is always green",
  },
  {
    id: "4.3",
    title: "Gap 3: multi-data-centre backups",
    owner: "Platform",
    kind: "probe",
    must: "backups lie locked in three regions or more, and each was restored from",
    because: "one region burns as one",
    ofPlan: false,
  },
  {
    id: "4.4",
    title: "Gap 4: web shell",
    owner: "Platform",
    kind: "probe",
    must: "the shell opens for the roles that may and withstands every attack of the threat model",
    because: "a shell is the keys to the house",
  },
  {
    id: "4.5",
    title: "Run Phase 4 gate",
    owner: "Platform",
    kind: "plan",
    gate: true,
    must: "every other task of phase 4, and the phases before, is GO",
    because: "a platform is as good as its worst day",
  },
  {
    id: "4.6",
    title: "Staging is a neutralised copy of production",
    owner: "Platform",
    kind: "probe",
    must: "a stack was made from a backup of this one, and nothing in it reaches anybody",
    because:
      "what is tried on invented data fails on real data, and a copy that mails real customers is worse than none",
    ofPlan: false,
  },
  {
    id: "4.7",
    title: "Previews of commits",
    owner: "Platform",
    kind: "probe",
    must: "a commit became a stack of its own within a minute, neutralised, and nothing was left of it once it was closed",
    because: "what nobody can try before it is merged is tried by customers",
    ofPlan: false,
  },
];
