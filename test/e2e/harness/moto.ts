import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { S3Client } from "@aws-sdk/client-s3";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

import { run } from "./platform.ts";
import { until } from "./until.ts";

/** Pinned: what it does of S3's interface differs from version to version. */
const MOTO = "moto[server]==5.2.5";

const LAB = { accessKeyId: "lab", secretAccessKey: "lab" };

/** Stands for S3's interface on a port of this machine; it checks no rights and no signatures. */
export class Moto {
  static readonly ACCOUNT = "123456789012";
  readonly #folder = mkdtempSync(join(tmpdir(), "moto-"));
  #endpoint = "";
  #server: ChildProcess | undefined;

  async start(): Promise<void> {
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", this.#folder, MOTO];
    const { exitCode, stderr } = await run("python3", install);
    if (exitCode !== 0) throw new Error(`moto can't be installed: ${stderr}`);
    const port = await freePort();
    this.#endpoint = `http://127.0.0.1:${port}`;
    this.#server = spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
      env: { ...process.env, PYTHONPATH: this.#folder },
      stdio: "ignore",
    });
    const answers = () =>
      fetch(this.#endpoint).then(
        () => true,
        () => false,
      );
    await until("moto", answers, 60);
  }

  stop(): void {
    this.#server?.kill();
    rmSync(this.#folder, { recursive: true });
  }

  /** A client of this account, or of the account of a role. */
  readonly clientOf = (region: string, role?: string): S3Client => {
    const endpoint = this.#endpoint;
    return new S3Client({
      ...{ region, endpoint, forcePathStyle: true, maxAttempts: 1 },
      credentials:
        role === undefined
          ? LAB
          : fromTemporaryCredentials({
              ...{ masterCredentials: LAB, clientConfig: { region, endpoint } },
              params: { RoleArn: role, RoleSessionName: "lab" },
            }),
    });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
