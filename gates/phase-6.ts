import { GO_LIVE } from "./go-live.ts";
import type { Task } from "./task.ts";

/** Production launch: the decision to go live, and its proof. */
export const phase6: readonly Task[] = [
  {
    id: "6.1",
    title: "Final parity validation",
    owner: "Platform",
    kind: "probe",
    must: "the computed parity scores reach their targets",
    because: "what is missing must be known before, not after",
  },
  {
    id: "6.2",
    title: "Complete GO-LIVE checklist",
    owner: "DevOps",
    kind: "sign-off",
    must: "every item of the checklist is signed for this very commit",
    because: "a launch is a decision of people",
    items: GO_LIVE,
  },
  {
    id: "6.3",
    title: "Execute cutover",
    owner: "DevOps",
    kind: "probe",
    must: "the old database and filestore were imported whole, counted, and a rollback was rehearsed",
    because: "Monday morning is too late to find a missing attachment",
  },
  {
    id: "6.4",
    title: "Verify SLA",
    owner: "Finance SSC",
    kind: "sign-off",
    must: "measured availability, recovery and latency meet the agreement and are signed",
    because: "an agreement that isn't measured isn't one",
    record: "sla",
  },
  {
    id: "6.5",
    title: "Document lessons learned",
    owner: "All",
    kind: "sign-off",
    must: "the record of the launch is written and its actions are open",
    because: "what isn't written is learned again",
    record: "lessons",
  },
];
