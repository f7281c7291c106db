import { processCount } from "./connections.ts";

const MIB = 1024 * 1024;

/** Odoo's rule of thumb for the most workers that help: 2 × cpus + 1 (Odoo 19, "System configuration", worker number). */
export function mostWorkers(cpus: number): number {
  return Math.floor(2 * cpus) + 1;
}

/**
 * Memory that Odoo needs: per process 80 % light ones of 150 MiB and 20 % heavy ones of 1 GiB, which is Odoo's own
 * estimate (Odoo 19, "System configuration", memory size calculation).
 */
export function leastOdooMemoryMiB(odoo: { readonly workers: number; readonly cronWorkers: number }): number {
  return Math.ceil((processCount(odoo) - 1) * (0.8 * 150 + 0.2 * 1024));
}

/** Limits at which Odoo recycles a worker after (soft) and within (hard) a request, in bytes. */
export interface MemoryLimits {
  readonly softBytes: number;
  readonly hardBytes: number;
}

/**
 * Odoo compares these limits with *virtual* memory, of which an idle worker has more than half a GiB: so never below
 * 1 GiB, and never above Odoo's own default of 2 GiB.
 */
export function memoryLimits(memoryMiB: number): MemoryLimits {
  const softBytes = Math.min(Math.max(memoryMiB, 1024), 2048) * MIB;
  return { softBytes, hardBytes: softBytes + softBytes / 4 };
}
