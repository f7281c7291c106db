/** Something that the user can mend: its message says what is wrong and how; no stack trace is shown. Exit code 1. */
export class Fault extends Error {
  override readonly name = "Fault";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
