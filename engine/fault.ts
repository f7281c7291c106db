/** Something that the user can mend: its message says what is wrong and how; no stack trace is shown. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** 1: refused; 2: the command was used wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
