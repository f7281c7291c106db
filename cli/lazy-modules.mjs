// What Pulumi's SDK loads and this program hardly ever uses is loaded when something of it is touched: a package
// installer and a TypeScript compiler for functions that are sent elsewhere, of which there are none, and the Automation
// API, which only the Pulumi engine uses. Together they are two thirds of the SDK's time to load, in every process.
import Module from "node:module";

const LAZY = new Map([
  ["@npmcli/arborist", undefined],
  ["typescript", /@pulumi[\\/]pulumi[\\/]typescript-shim\.js$/],
  ["./automation", /@pulumi[\\/]pulumi[\\/]index\.js$/],
]);

const load = Module._load;
Module._load = function lazily(request, parent, ...rest) {
  if (!LAZY.has(request)) return load.call(this, request, parent, ...rest);
  const by = LAZY.get(request);
  if (by !== undefined && !by.test(parent?.filename ?? "")) return load.call(this, request, parent, ...rest);
  const real = () => load.call(this, request, parent, ...rest);
  return new Proxy(class {}, {
    construct: (_target, args) => Reflect.construct(real(), args),
    // The answer to the question that TypeScript's import asks; any other property is the package's own.
    get: (_target, key) => key === "__esModule" || Reflect.get(real(), key),
  });
};
