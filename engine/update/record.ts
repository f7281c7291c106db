import { userInfo } from "node:os";

import { gateFacts } from "../../gates/json.ts";
import type { ServedCode } from "../../stacks/held.ts";
import type { Copy, CopyArgs } from "./copy.ts";
import type { Need } from "./need.ts";
import { askServer } from "../ask-server.ts";

export interface UpdateRecord {
  readonly copy: Copy;
  readonly to: ServedCode;
  readonly need: Need;
  readonly status: "ok" | "rolled back";
  readonly started: Date;
  /** `performance.now()` when nobody was let in any more. */
  readonly closed: number;
  readonly detail: string;
}

const RECORD = `
INSERT INTO monitoring.updates (id, who, commit, from_image, to_image, modules, status, started_at, ended_at, closed_seconds, detail)
VALUES (:'id', :'who', :'commit', :'from', :'to', :'modules', :'status', :'started', now(), :'seconds', :'detail');`;

/** Writes an update down in schema `monitoring` of the database that is served after it. */
export async function recordUpdate({ docker, plan }: CopyArgs, record: UpdateRecord): Promise<void> {
  const { copy, to, need, status, started, closed, detail } = record;
  const { settings, commit } = gateFacts(plan);
  await askServer(docker, plan, RECORD, {
    connect: settings.odoo.database,
    id: `update-${started.toISOString()}`,
    who: userInfo().username,
    commit,
    from: copy.served.image,
    to: to.image,
    modules: JSON.stringify([...need.changed, ...need.added]),
    status,
    started: started.toISOString(),
    seconds: ((performance.now() - closed) / 1000).toFixed(1),
    detail,
  });
}
