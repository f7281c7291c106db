/** Of what a policy finds, all that a comparison reads. */
export interface ComparedFinding {
  readonly rule: string;
  readonly level: string;
  readonly status: string;
  readonly urn: string;
  readonly resource: string;
  readonly message: string;
  /** What mends it. */
  readonly fix: string;
}

/** What policies find in one of two plans, and not in the other. */
export interface FindingsDiff<F extends ComparedFinding = ComparedFinding> {
  readonly found: readonly F[];
  readonly mended: readonly F[];
}

/** Compares findings of the same rules on two plans; one whose level, status or sentence differs is another. */
export function diffFindings<F extends ComparedFinding>(before: readonly F[], after: readonly F[]): FindingsDiff<F> {
  const identity = ({ rule, level, status, urn, message }: F) => JSON.stringify([rule, level, status, urn, message]);
  const [old, now] = [before, after].map((findings) => new Set(findings.map(identity)));
  return {
    found: after.filter((finding) => old?.has(identity(finding)) !== true),
    mended: before.filter((finding) => now?.has(identity(finding)) !== true),
  };
}
