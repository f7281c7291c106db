import type { Preview } from "../../../engine/preview/preview.ts";

/** One that serves. */
export const preview: Preview = {
  ...{ number: 12, commit: "c".repeat(40), ref: "feature", state: "serving", detail: "", slot: 0 },
  ...{ url: "https://odoo.pr-12.localhost:9500", images: [] },
  ...{ openedAt: "2026-01-01T10:00:00.000Z", endsAt: "2026-01-04T10:00:00.000Z" },
};
