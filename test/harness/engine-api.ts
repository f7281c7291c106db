import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Docker from "dockerode";

/** What was asked of the Engine. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [key: string]: string };
  readonly body: Buffer;
}

/** An answer: a status with JSON, or text that is sent as it is. */
export type Answer = { readonly status?: number; readonly json?: unknown; readonly text?: string | Buffer };

export interface EngineApi {
  readonly docker: Docker;
  /** Value for DOCKER_HOST. */
  readonly host: string;
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
}

/**
 * A stand-in for a Docker Engine: a real HTTP server behind a real client, with answers of the test's choice.
 *
 * Proves what is asked of the Engine and what is made of its answers; what an Engine answers is for the end-to-end tests.
 *
 * @param answer the answer to a request; undefined for 404
 */
export async function engineApi(answer: (asked: Asked) => Answer | undefined): Promise<EngineApi> {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const socketPath = join(folder, "docker.sock");
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void collect(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://engine");
      const one: Asked = {
        method: request.method ?? "",
        path: decodeURIComponent(url.pathname),
        query: Object.fromEntries(url.searchParams),
        body,
      };
      asked.push(one);
      send(response, answer(one) ?? { status: 404, json: { message: `No such thing: ${one.path}` } });
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    docker: new Docker({ socketPath }),
    host: `unix://${socketPath}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status = 200, json, text }: Answer): void {
  response.writeHead(status, { "Content-Type": text === undefined ? "application/json" : "text/plain" });
  response.end(text ?? JSON.stringify(json ?? {}));
}
