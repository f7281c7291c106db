import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { docker } from "../e2e/harness/docker.ts";
import { run } from "../e2e/harness/platform.ts";

export interface SmallDiskArgs {
  /** Physical name of the volume, of which nobody knows yet. */
  readonly volume: string;
  /** Value of the label of the stack's own. */
  readonly stack: string;
  /** `uid:gid` of who writes to it. */
  readonly owner: string;
  readonly mebibytes: number;
}

/** A volume on a file system of its own in a file, which can be filled without harm to the machine. Needs root. */
export class SmallDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  readonly #mount = join(this.#folder, "mount");
  #device = "";

  readonly #args: SmallDiskArgs;

  constructor(args: SmallDiskArgs) {
    this.#args = args;
  }

  async make(): Promise<void> {
    const { volume, stack, owner, mebibytes } = this.#args;
    const file = join(this.#folder, "disk");
    await sh(`truncate -s ${mebibytes}M ${file} && mkfs.ext4 -q -m 0 -E root_owner=${owner} ${file}`);
    this.#device = await sh(`losetup --find --show ${file}`);
    // PostgreSQL makes a cluster in an empty folder only.
    await sh(`mkdir ${this.#mount} && mount ${this.#device} ${this.#mount} && rmdir ${this.#mount}/lost+found`);
    await docker.createVolume({
      Name: volume,
      Labels: { "odoo-platform.stack": stack },
      DriverOpts: { type: "ext4", device: this.#device },
    });
  }

  /** Leaves no byte. */
  async fill(): Promise<void> {
    await sh(`cat /dev/zero >${this.#filler} 2>/dev/null || true; sync`);
  }

  async free(): Promise<void> {
    await sh(`rm ${this.#filler}`);
  }

  async remove(): Promise<void> {
    await sh(`umount ${this.#mount} && losetup --detach ${this.#device}`);
    rmSync(this.#folder, { recursive: true });
  }

  get #filler(): string {
    return join(this.#mount, ".filler");
  }
}

async function sh(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run("bash", ["-c", command]);
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}
