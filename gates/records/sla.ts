import type { Sla } from "./record.ts";

/** What was agreed with those who use a stack. */
export interface Agreement {
  /** What is looked back on, such as `30d`. */
  readonly window: string;
  readonly availabilityPercent: number;
  readonly p95Milliseconds: number;
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
}

/** What was measured, to be held against what was agreed. */
export interface SlaFacts {
  readonly stack: string;
  readonly agreement: Agreement;
  /** How often Odoo was asked for its page in the window, and how often it answered. */
  readonly asked: number;
  readonly answered: number;
  /** How often it would have been asked, had somebody watched all the time. */
  readonly expected: number;
  /** Seconds within which 95 of 100 requests were answered; undefined where there were none. */
  readonly p95: number | undefined;
  readonly outages: Sla["outages"];
  /** What the newest drill lost, and how long it took; undefined where none is on record. */
  readonly drill: { readonly rpo: number; readonly rto: number; readonly at: string } | undefined;
}

/** Least share of the window that must have been watched: who doesn't look sees no outage. */
const LEAST_WATCHED = 0.95;

const UNITS: { readonly [unit: string]: number } = { m: 60, h: 3600, d: 86_400 };

/** Seconds of a window such as `30d`. */
export function windowSeconds(window: string): number {
  return Number(window.slice(0, -1)) * (UNITS[window.slice(-1)] ?? Number.NaN);
}

/** The report that somebody signs who answers for the money: each term, what was agreed, what was measured. Unsigned. */
export function composeSla(facts: SlaFacts, now: Date): Sla {
  const { agreement, asked, answered, expected, p95, drill } = facts;
  const watched = expected === 0 ? 0 : Math.min(1, asked / expected);
  const available = asked === 0 ? undefined : (answered / asked) * 100;
  const seconds = (value: number | undefined) => (value === undefined ? "not measured" : `${value.toFixed(1)} s`);
  const within = (value: number | undefined, most: number) => value !== undefined && value <= most;
  return {
    kind: "sla",
    stack: facts.stack,
    at: now.toISOString(),
    from: new Date(now.getTime() - windowSeconds(agreement.window) * 1000).toISOString(),
    to: now.toISOString(),
    terms: [
      {
        term: "watched",
        agreed: `${LEAST_WATCHED * 100} % of ${agreement.window}`,
        measured: percent(watched * 100),
        met: watched >= LEAST_WATCHED,
      },
      {
        term: "available",
        agreed: percent(agreement.availabilityPercent),
        measured: available === undefined ? "not measured" : percent(available),
        met: available !== undefined && available >= agreement.availabilityPercent,
      },
      {
        term: "answered within (95 of 100 requests)",
        agreed: seconds(agreement.p95Milliseconds / 1000),
        measured: p95 === undefined ? "not measured" : `${p95.toFixed(3)} s`,
        met: within(p95, agreement.p95Milliseconds / 1000),
      },
      {
        term: "work lost in a disaster (RPO)",
        agreed: seconds(agreement.rpoSeconds),
        measured: seconds(drill?.rpo),
        met: within(drill?.rpo, agreement.rpoSeconds),
      },
      {
        term: "back after a disaster (RTO)",
        agreed: seconds(agreement.rtoSeconds),
        measured: seconds(drill?.rto),
        met: within(drill?.rto, agreement.rtoSeconds),
      },
    ],
    outages: facts.outages,
    ...(drill === undefined ? {} : { drilled: drill.at }),
  };
}

function percent(value: number): string {
  // Rounded down: 99.499 is not 99.5.
  return `${Math.floor(value * 1000) / 1000} %`;
}
