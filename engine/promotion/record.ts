import { userInfo } from "node:os";

import { gateFacts } from "../../gates/json.ts";
import type { CopyArgs } from "../update/copy.ts";
import { askServer } from "../ask-server.ts";
import type { Candidate } from "./candidate.ts";

export interface PromotionRecord {
  readonly candidate: Pick<Candidate, "from" | "to" | "commit">;
  readonly status: "ok" | "rolled back";
  readonly started: Date;
  readonly detail: string;
}

const RECORD = `
INSERT INTO monitoring.promotions (id, from_stage, to_stage, who, commit, status, started_at, ended_at, detail)
VALUES (:'id', :'from', :'to', :'who', :'commit', :'status', :'started', now(), :'detail');`;

/** Writes a promotion down in schema `monitoring` of the stack that it went to. */
export async function recordPromotion(
  { docker, plan }: CopyArgs,
  { candidate, status, started, detail }: PromotionRecord,
): Promise<void> {
  const { from, to, commit } = candidate;
  await askServer(docker, plan, RECORD, {
    connect: gateFacts(plan).settings.odoo.database,
    id: `promotion-${started.toISOString()}`,
    ...{ from, to, commit, status, detail },
    who: userInfo().username,
    started: started.toISOString(),
  });
}
