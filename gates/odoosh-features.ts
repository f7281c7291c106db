import type { Task } from "./task.ts";

/** Something that Odoo.sh offers, by its documentation of 2025, and what proves that this platform has it too. */
export interface OdooshFeature {
  /** What its users would miss. */
  readonly name: string;
  readonly area: "branches" | "builds" | "backups" | "access" | "operation" | "modules" | "business";
  /** 3: without it nobody moves here; 2: missed within a month; 1: missed by some. */
  readonly weight: 1 | 2 | 3;
  /** The feature is there when all of these are GO. None: no task measures it, so it counts as missing. */
  readonly tasks: readonly Task["id"][];
  /** Why no task measures it, and what to use instead. */
  readonly without?: string;
}

/** Odoo.sh, feature by feature. */
export const ODOOSH_FEATURES: readonly OdooshFeature[] = [
  feature("branches", 3, "development, staging and production from one repository", ["0.11", "4.1"]),
  feature("branches", 3, "a change is promoted from stage to stage", ["4.1"]),
  feature("branches", 3, "a failed update of production reverts code and database", ["1.5", "4.1"]),
  feature("branches", 3, "staging is a neutralised copy of production", ["4.6"]),
  feature("branches", 2, "what staging sends is caught and shown", ["4.6"]),
  feature("branches", 1, "branches show their history, with what each push did", ["4.1", "4.2"]),
  feature("builds", 3, "every commit is built and tested", ["0.5", "4.2"]),
  feature("builds", 3, "unit tests of the company's own modules", ["3.3", "3.6"]),
  feature("builds", 2, "builds are green, yellow or red on one page, with logs", ["4.2"]),
  feature("builds", 2, "development builds have a fresh database and end by themselves", ["4.7"]),
  feature("builds", 1, "the state of a build is reported to the Git host", ["0.5", "4.2"]),
  feature("backups", 3, "production is backed up every day: database, files and configuration", ["1.4"]),
  feature("backups", 2, "backups are kept for days, weeks and months", ["1.4", "4.3"]),
  feature("backups", 3, "copies lie in three data centres", ["4.3"]),
  feature("backups", 2, "one copy can't be altered by anyone", ["4.3"]),
  feature("backups", 3, "a backup is restored without a ticket", ["1.5"]),
  feature("backups", 2, "a backup is taken before an update", ["1.4", "4.1"]),
  feature("backups", 1, "a backup is taken by hand at any time", ["1.4"]),
  feature("backups", 2, "an existing database is imported, with its files", ["6.3"]),
  feature("backups", 3, "a lost data centre is recovered from within the agreed time", ["1.8", "5.4"]),
  feature("access", 3, "users log in over TLS at once", ["1.11", "2.12"]),
  feature("access", 3, "a shell in the browser", ["1.6", "1.7", "4.4"]),
  feature("access", 2, "what is done in a shell is on record, and idle sessions end", ["4.4"]),
  feature("access", 2, "administrators, developers and testers have different rights", ["2.8", "4.4"]),
  feature("access", 2, "SQL on the database for those who may", ["2.8", "4.4"]),
  feature("access", 1, "the database manager is closed to the world", ["2.11"]),
  {
    ...feature("access", 1, "an editor in the browser", []),
    without: "editing on a server escapes review; use the Git host's own editor and a pull request",
  },
  feature("operation", 2, "a domain of one's own, with certificates that renew themselves", ["1.11"]),
  feature("operation", 3, "the database is isolated, and reached over TLS only", ["2.5", "2.6"]),
  feature("operation", 2, "workers, memory and connections fit the plan that was paid for", ["1.10", "2.13"]),
  feature("operation", 2, "scheduled actions run", ["2.12", "5.3"]),
  feature("operation", 2, "logs of Odoo, updates and slow queries in one place", ["5.3"]),
  feature("operation", 2, "load, memory, requests and mails as graphs", ["5.3"]),
  feature("operation", 1, "somebody is told when it breaks", ["7.1", "7.2"]),
  feature("operation", 2, "availability is agreed on and measured", ["6.4"]),
  feature("operation", 1, "pages that tell how to operate it", ["1.8", "2.1"]),
  {
    ...feature("operation", 1, "the upgrade to the next major version is rehearsed", []),
    without: "no task rehearses it; use OpenUpgrade on a restored copy",
  },
  feature("modules", 2, "Odoo's revision is pinned, and what was reviewed runs", ["1.3"]),
  feature("modules", 2, "addons of others are pinned as submodules", ["3.1", "3.2"]),
  feature("modules", 2, "Python packages that addons need are installed", ["3.1", "3.2"]),
  feature("modules", 2, "changed modules are updated, and none is left half-way", ["2.7", "4.1"]),
  feature("business", 3, "features of Enterprise, or a name for the gap", ["3.5"]),
  feature("business", 1, "spreadsheets and dashboards on live data", ["5.1"]),
  feature("business", 1, "assistants work on the company's data", ["5.2"]),
];

function feature(
  area: OdooshFeature["area"],
  weight: OdooshFeature["weight"],
  name: string,
  tasks: readonly Task["id"][],
): OdooshFeature {
  return { area, weight, name, tasks };
}
