#!/usr/bin/env node
// Lets Node run the TypeScript sources as they are, on every supported version; types are checked by `npm run check`.
import Module from "node:module";

import { register } from "tsx/esm/api";

// Where Node can (22.1), what it compiled is kept for the next run.
Module.enableCompileCache?.();

// Pulumi's SDK loads a package installer (350 modules, a third of a second) that only dynamic providers use, and this
// program has none: it is loaded when something of it is touched.
const load = Module._load;
Module._load = function lazily(request, ...rest) {
  if (request !== "@npmcli/arborist") return load.call(this, request, ...rest);
  const real = () => load.call(this, request, ...rest);
  return new Proxy(class {}, {
    construct: (_target, args) => Reflect.construct(real(), args),
    // The answer to the question that TypeScript's import asks; any other property is the package's own.
    get: (_target, key) => key === "__esModule" || Reflect.get(real(), key),
  });
};

// Plain lines wherever nobody looks at a terminal. The colours' library would colour a CI's log by itself.
if (!process.stdout.isTTY) process.env.NO_COLOR ??= "1";

register();
// Errors that users can mend show no trace; mapping every other one back to TypeScript costs a quarter of a second a run,
// because the SDK takes a trace of each value that it tracks.
process.setSourceMapsEnabled(process.env.PLATFORM_SOURCE_MAPS !== undefined);
await import("./main.ts");
