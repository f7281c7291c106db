import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type Docker from "dockerode";
import { pack } from "tar-fs";

/** What one run of wrk measured. */
export interface Load {
  readonly requestsPerSecond: number;
  /** 95th percentile of the latency, in milliseconds. */
  readonly p95Ms: number;
  /** Requests that weren't answered, or not with what was expected. */
  readonly errors: number;
}

/** A request that is made again and again. */
export interface Request {
  readonly path: string;
  /** Sent as JSON by POST. @default none, by GET */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  /** What every good answer has in its body. */
  readonly expected: string;
}

export interface LoadArgs {
  readonly image: string;
  readonly network: string;
  /** Without a path. */
  readonly url: string;
  readonly request: Request;
  /** Connections kept open. */
  readonly clients: number;
  readonly seconds: number;
}

/** Loads a URL with bounded clients for a bounded time, from a container on the system's own network. */
export async function load(docker: Docker, args: LoadArgs): Promise<Load> {
  const { image, network, url, request, clients, seconds } = args;
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const container = await docker.createContainer({
    Image: image,
    Cmd: ["-t1", `-c${clients}`, `-d${seconds}s`, "--timeout", "10s", "-s", "/tmp/load.lua", url + request.path],
    HostConfig: { NetworkMode: network },
  });
  try {
    // A session's cookie is among the headers: neither an argument nor the environment.
    writeFileSync(join(folder, "load.lua"), script(request));
    await container.putArchive(pack(folder, { entries: ["load.lua"] }), { path: "/tmp" });
    await container.start();
    await container.wait();
    const output = (await container.logs({ stdout: true, stderr: true, follow: false })).toString("utf8");
    const result = /RESULT ([\d.]+) ([\d.]+) (\d+)/.exec(output);
    if (result === null) throw new Error(`wrk measured nothing of ${url}${request.path}:\n${output}`);
    return { requestsPerSecond: Number(result[1]), p95Ms: Number(result[2]), errors: Number(result[3]) };
  } finally {
    await container.remove({ force: true });
    rmSync(folder, { recursive: true });
  }
}

/** wrk prints 50, 75, 90 and 99 by itself; this adds the 95th and what was answered badly, in a form to read. */
function script({ body, headers = {}, expected }: Request): string {
  const text = (value: string) => `"${value.replace(/[\\"]/g, "\\$&")}"`;
  return [
    ...(body === undefined
      ? []
      : [
          'wrk.method = "POST"',
          `wrk.body = ${text(JSON.stringify(body))}`,
          'wrk.headers["Content-Type"] = "application/json"',
        ]),
    ...Object.entries(headers).map(([name, value]) => `wrk.headers[${text(name)}] = ${text(value)}`),
    "local threads = {}",
    "bad = 0",
    "function setup(thread) table.insert(threads, thread) end",
    "function response(status, _, body)",
    `  if status ~= 200 or not body:find(${text(expected)}, 1, true) then bad = bad + 1 end`,
    "end",
    "function done(summary, latency)",
    "  local e = summary.errors",
    "  local errors = e.connect + e.read + e.write + e.timeout",
    '  for _, thread in ipairs(threads) do errors = errors + thread:get("bad") end',
    "  local rate = summary.requests / (summary.duration / 1e6)",
    '  io.write(string.format("RESULT %f %f %d\\n", rate, latency:percentile(95) / 1000, errors))',
    "end",
    "",
  ].join("\n");
}
