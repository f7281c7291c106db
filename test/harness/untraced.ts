/**
 * Runs a piece of work without traces for errors. The SDK takes one for each value that it tracks, which is most of the
 * time that an evaluation takes; no test reads them.
 */
export async function untraced<T>(work: () => Promise<T>): Promise<T> {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
