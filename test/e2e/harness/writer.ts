import { setTimeout as sleep } from "node:timers/promises";

import { sql } from "./docker.ts";
import { type CallArgs, json2, mintKey } from "./odoo.ts";
import { until } from "./until.ts";

/** Somebody who makes partners through Odoo's interface, one after another, and remembers what was acknowledged. */
export class Writer {
  readonly acknowledged: number[] = [];
  readonly refusals: string[] = [];
  #writing = true;
  readonly #done: Promise<void>;

  readonly #at: CallArgs & { readonly stack: string };

  private constructor(key: string, at: CallArgs & { readonly stack: string }) {
    this.#at = at;
    this.#done = this.#write(key);
  }

  static async start(at: CallArgs & { readonly stack: string }): Promise<Writer> {
    return new Writer(await mintKey(at.stack), at);
  }

  /** Waits until so many more were acknowledged. */
  async more(count: number): Promise<void> {
    const before = this.acknowledged.length;
    await until(`${count} more records`, () => Promise.resolve(this.acknowledged.length >= before + count), 240);
  }

  async stop(): Promise<void> {
    this.#writing = false;
    await this.#done;
  }

  /** How many of those that were acknowledged are not in the database. */
  async lost(): Promise<number> {
    const kept = await sql(
      `SELECT count(*) FROM res_partner WHERE id = ANY('{${this.acknowledged.join(",")}}')`,
      this.#at,
    );
    return this.acknowledged.length - Number(kept);
  }

  async #write(key: string): Promise<void> {
    for (let i = 0; this.#writing; i++) {
      try {
        const values = { vals_list: [{ name: `Acknowledged ${i}` }] };
        this.acknowledged.push(...((await json2(key, "res.partner", "create", values, this.#at)) as number[]));
      } catch (error) {
        this.refusals.push(String(error).slice(0, 2000));
        await sleep(200);
      }
    }
  }
}
