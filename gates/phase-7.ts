import type { Task } from "./task.ts";

/** Operate and learn: alerts, playbooks, reviews. */
export const phase7: readonly Task[] = [
  {
    id: "7.1",
    title: "Set up monitoring alerts",
    owner: "DevOps",
    kind: "probe",
    must: "every alert fired once for real and was delivered",
    because: "an alert that was never seen is a decoration",
  },
  {
    id: "7.2",
    title: "Define incident playbooks",
    owner: "DevOps",
    kind: "artefact",
    must: "every alert links a playbook whose diagnosis blocks run",
    because: "at three in the morning nobody invents",
  },
  {
    id: "7.3",
    title: "Schedule quarterly reviews",
    owner: "Finance SSC",
    kind: "sign-off",
    must: "the last quarter's review is generated and signed",
    because: "slow decay is seen only from afar",
    record: "review",
  },
  {
    id: "7.4",
    title: "Plan next iteration",
    owner: "All",
    kind: "sign-off",
    must: "the next plan is made from open tasks, gaps and expiring exceptions, and is signed",
    because: "a list that nobody owns does itself",
    record: "next",
  },
];
