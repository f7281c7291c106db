#!/usr/bin/env node
// Lets Node run the TypeScript sources as they are, on every supported version; types are checked by `npm run check`.
import Module from "node:module";

import { register } from "tsx/esm/api";

import "./lazy-modules.mjs";

// Where Node can (22.1), what it compiled is kept for the next run.
Module.enableCompileCache?.();

// Plain lines wherever nobody looks at a terminal. The colours' library would colour a CI's log by itself.
if (!process.stdout.isTTY) process.env.NO_COLOR ??= "1";

register();
// Errors that users can mend show no trace; mapping every other one back to TypeScript costs a quarter of a second a run,
// because the SDK takes a trace of each value that it tracks.
process.setSourceMapsEnabled(process.env.PLATFORM_SOURCE_MAPS !== undefined);
await import("./main.ts");
