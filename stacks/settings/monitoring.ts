import { z } from "zod";

/** An URL, or `secret` where it is one itself, as those of chat services are. */
const target = z.union([z.url("must be an URL, or the word secret"), z.literal("secret")]);

/** Prometheus, Alertmanager and the exporters. */
export const monitoring = z.strictObject({
  /** @default false */
  enabled: z.boolean().default(false),
  /** Days for which measurements are kept; 2 GB at most. @default 15 */
  retentionDays: z.int().min(1).max(400).default(15),
  alerts: z
    .strictObject({
      /** Who gets alerts by mail. @default none */
      mailTo: z.array(z.email("must be an e-mail address")).default([]),
      /** What is called with each alert; `secret`: its URL is the secret `alert-webhook-url`. @default none */
      webhook: target.optional(),
      /**
       * What is called every minute as long as alerts get out, and tells people when it isn't called any more; `secret`:
       * its URL is the secret `dead-mans-switch-url`.
       *
       * @default none
       */
      deadMansSwitch: target.optional(),
      /** Seconds that a rule waits at most before it fires; for rehearsals. @default - as each rule says */
      longestWaitSeconds: z.int().min(0).max(3600).optional(),
    })
    .prefault({}),
  /** What the stack records of itself, so that its absence is alarming. @default - backups and heartbeat where it takes backups */
  expects: z.array(z.enum(["backups", "drills", "heartbeat"])).default([]),
});
