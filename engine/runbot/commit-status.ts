import { messageOf } from "../fault.ts";
import type { Build } from "./build.ts";

export interface StatusTarget {
  /** Root of the API. @default "https://api.github.com" */
  readonly api?: string;
  /** `owner/name`. */
  readonly repository: string;
  /** A token that may write commit statuses. Secret. */
  readonly token: string;
  /** Page of the build, where people can reach it. */
  readonly url?: string;
}

/** As the Git host calls it; a warning is no success, since `ci` doesn't take it for one. */
const STATES = { running: "pending", green: "success", yellow: "failure", red: "failure" } as const;

/** Longest description that GitHub takes. */
const LONGEST = 140;

/**
 * Tells the Git host how a commit's build is, by GitHub's `POST /repos/{owner}/{repo}/statuses/{sha}`.
 *
 * @throws Error with the host's own words where it refuses, or can't be reached in ten seconds.
 */
export async function reportStatus(
  { commit, status, detail }: Pick<Build, "commit" | "status" | "detail">,
  { api = "https://api.github.com", repository, token, url }: StatusTarget,
): Promise<void> {
  const address = `${api}/repos/${repository}/statuses/${commit}`;
  let reply: Response;
  try {
    reply = await fetch(address, {
      method: "POST",
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-github-api-version": "2022-11-28",
      },
      body: JSON.stringify({
        state: STATES[status],
        context: "runbot",
        description: detail.length <= LONGEST ? detail : `${detail.slice(0, LONGEST - 1)}…`,
        ...(url === undefined ? {} : { target_url: url }),
      }),
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new Error(`the status of ${commit.slice(0, 8)} could not be reported to ${api}: ${messageOf(error)}`);
  }
  if (reply.status === 201) return;
  const said = (await reply.text()).slice(0, 200);
  throw new Error(`${repository} did not take the status of ${commit.slice(0, 8)} (${reply.status}): ${said}`);
}
