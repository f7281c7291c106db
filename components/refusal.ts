import { RunError } from "@pulumi/pulumi";

/**
 * An error that Pulumi prints as a sentence: what is wrong, and what mends it.
 *
 * Without a trace: nobody reads it, and the SDK colours it for diagnostics of its own, which takes Node 20 s where
 * modules lie in modules (`util.inspect` of a stack with `node_modules` twice in a path).
 */
export function refusal(message: string): RunError {
  const error = new RunError(message);
  error.stack = message;
  return error;
}
