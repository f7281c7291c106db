import { PassThrough } from "node:stream";

import type Docker from "dockerode";

/** What one run of wrk measured. */
export interface Load {
  readonly requestsPerSecond: number;
  /** 95th percentile of the latency, in milliseconds. */
  readonly p95Ms: number;
  readonly errors: number;
}

export interface LoadArgs {
  readonly image: string;
  readonly network: string;
  readonly url: string;
  /** Connections kept open. */
  readonly clients: number;
  readonly seconds: number;
}

/** wrk prints 50, 75, 90 and 99 by itself; this adds the 95th and the errors, in a form to read. */
const REPORT = `
done = function(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %f %f %d\\n", summary.requests / (summary.duration / 1e6), latency:percentile(95) / 1000, errors))
end
`;

/** Loads a URL with bounded clients for a bounded time, from a container on the system's own network. */
export async function load(docker: Docker, { image, network, url, clients, seconds }: LoadArgs): Promise<Load> {
  const stream = new PassThrough();
  let output = "";
  stream.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const script = `printf '%s' "$REPORT" > /tmp/report.lua && exec wrk -t1 -c${clients} -d${seconds}s --timeout 10s -s /tmp/report.lua ${url}`;
  const [, container] = (await docker.run(image, [], stream, {
    Entrypoint: ["sh", "-c", script],
    Env: [`REPORT=${REPORT}`],
    Tty: true,
    HostConfig: { NetworkMode: network },
  })) as [unknown, Docker.Container];
  await container.remove({ force: true });
  const result = /RESULT ([\d.]+) ([\d.]+) (\d+)/.exec(output);
  if (result === null) throw new Error(`wrk measured nothing of ${url}:\n${output}`);
  return { requestsPerSecond: Number(result[1]), p95Ms: Number(result[2]), errors: Number(result[3]) };
}
