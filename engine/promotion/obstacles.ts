import type { Candidate } from "./candidate.ts";

/**
 * Tasks that say that a stack serves: its database is there and holds the modules, rights are right, Odoo answers over TLS.
 * These must be GO where code comes from.
 */
export const SERVES = ["2.5", "2.6", "2.7", "2.8", "2.11", "2.12"] as const;

/** Of the database and of Odoo's modules: what code decides. Other phases speak of parts that a stage may be without. */
const DECIDED_BY_CODE = /^[23]\./;

/** Why something may not be promoted, a sentence each with what mends it. There is no way around any of them. */
export function findObstacles(candidate: Candidate): string[] {
  const { from, to, branches, commit, edited, onBranch, tip, follows, build } = candidate;
  const short = commit.slice(0, 12);
  const failing = candidate.tasks.filter(({ id, status }) => status === "NO-GO" && DECIDED_BY_CODE.test(id));
  const unproven = candidate.tasks.filter(
    ({ id, status }) => status === "PENDING" && SERVES.some((task) => task === id),
  );
  return [
    ...(edited.length === 0
      ? []
      : [`What is checked out differs from commit ${short}: ${listed(edited)}. Commit it, or take it back.`]),
    ...(onBranch
      ? []
      : [`Commit ${short} is not on branch ${branches.from}, which stack ${from} serves. Merge it there first.`]),
    ...(follows
      ? []
      : [
          `Branch ${branches.to} is at ${(tip ?? "").slice(0, 12)}, which commit ${short} does not follow: only fast-forwards are promoted. Merge ${branches.to} into ${branches.from}, and let ${from} serve that first.`,
        ]),
    ...(build === "green" || build === "yellow"
      ? []
      : [
          `Commit ${short} has ${build === undefined ? "no build" : `a ${build} build`}. \`npm run platform -- runbot build\` makes one; what is red is mended, not skipped.`,
        ]),
    ...candidate.running.map(
      ({ service, runs, wanted }) =>
        `Service ${service} of stack ${from} runs ${runs ?? "not"}, and commit ${short} has ${wanted}. Run \`npm run platform -- up --stack ${from}\` first.`,
    ),
    ...candidate.differing.map(
      (one) =>
        `Image ${one.image} would be ${one.to} in stack ${to}, and stack ${from} ran ${one.from}: images come from different bases. Set images.source alike in both.`,
    ),
    ...(candidate.held === undefined ? [] : [`Stack ${from} is held at older code: ${candidate.held}.`]),
    ...failing.map(({ id, detail }) => `Task ${id} is NO-GO in stack ${from}: ${detail}`),
    ...unproven.map(
      ({ id }) =>
        `Task ${id} has no evidence in stack ${from}. Run \`npm run platform -- verify --stack ${from}\` first.`,
    ),
  ];
}

/** The first few of many. */
function listed(names: readonly string[]): string {
  const [first, rest] = [names.slice(0, 5), names.length - 5];
  return rest > 0 ? `${first.join(", ")} and ${rest} more` : first.join(", ");
}
