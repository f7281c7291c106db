import type { Task } from "./task.ts";

/** Enterprise extras: business intelligence, assistants, monitoring and drills. */
export const phase5: readonly Task[] = [
  {
    id: "5.1",
    title: "Configure Superset",
    owner: "BI architect",
    kind: "probe",
    must: "every chart of every dashboard returns rows, and its role can't write",
    because: "a dashboard that shows nothing is asked for once",
  },
  {
    id: "5.2",
    title: "Deploy MCP servers",
    owner: "DevOps",
    kind: "probe",
    must: "reads work with the right token and audience, and the hostile corpus changes nothing",
    because: "an assistant believes what it reads",
  },
  {
    id: "5.3",
    title: "Create monitoring schema",
    owner: "DevOps",
    kind: "probe",
    must: "the monitoring schema holds fresh heartbeats, backups, drills and gates",
    because: "what isn't recorded can't be reviewed",
  },
  {
    id: "5.4",
    title: "Schedule DR drills",
    owner: "DevOps",
    kind: "probe",
    must: "a drill from one region alone succeeded in the last 90 days, and the next is scheduled",
    because: "people and keys change between disasters",
    ofPlan: false,
    files: [".github/workflows/dr-drill.yml"],
  },
  {
    id: "5.5",
    title: "Run Phase 5 gate",
    owner: "Platform",
    kind: "plan",
    gate: true,
    must: "every other task of phase 5, and the phases before, is GO",
    because: "production stands on all of it",
  },
];
