import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds, as long as a slow machine may need. @returns after how many seconds it did. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 180): Promise<number> {
  const started = performance.now();
  const waited = () => (performance.now() - started) / 1000;
  for (;;) {
    if (await holds()) return waited();
    if (waited() > seconds) throw new Error(`${what}: not after ${seconds} s`);
    await sleep(1000);
  }
}
