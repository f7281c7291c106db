import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { settleVaultRelay } from "../../components/backup-vault/relay.ts";
import { planStack } from "../../engine/stack-plan.ts";
import { type PlannedResource, resourcesOf, textOf, TYPES } from "../../plan/plan.ts";
import { platform, ROOT, run, succeed } from "./harness/platform.ts";
import { removeStack, writeStack } from "./harness/stack.ts";

// An S3 server stands for AWS, under AWS's own names: what clients do for amazonaws.com alone is done here too. That AWS
// answers the same is not shown.
const STACK = "relayed";
const LOCAL = "vaulted";
const REGION = "eu-central-1";
const HOST = `s3.${REGION}.amazonaws.com`;
const BUCKET = "lab-backup";
const [INSIDE, OUTSIDE] = ["relay-inside", "relay-outside"];
const [S3, RELAY, CLIENT] = ["relay-s3", "relay-relay", "relay-client"];

const { routes } = settleVaultRelay([{ region: REGION, host: HOST, port: 443, bucket: BUCKET }]);

async function dockerCli(args: readonly string[], stdin = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run("docker", args, { stdin });
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")} ended with ${exitCode}: ${stdout}${stderr}`);
  return stdout.trim();
}

async function clear(): Promise<void> {
  await run("docker", ["rm", "--force", "--volumes", S3, RELAY, CLIENT]);
  await run("docker", ["network", "rm", INSIDE, OUTSIDE]);
}

/** Runs a program beside who writes backups, with its own functions for S3, restic and pgBackRest. */
function asBackup(program: string): Promise<string> {
  const preamble = [
    "import json, os, subprocess, sys",
    "from pathlib import Path",
    "from platform_backup.regions import Keys, Region, pgbackrest_conf, restic_environment, restic_options",
    "from platform_backup.s3 import Client",
    `region = Region("${REGION}", "${HOST}", "${BUCKET}", False, "/tmp/ca.crt", 1)`,
    'keys = Keys("ACCESS", "SECRETSECRET")',
    "def sh(*command, **environment):",
    "    ran = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120)",
    "    if ran.returncode != 0: sys.exit(f'{command[0]}: {ran.stderr or ran.stdout}')",
    "    return ran.stdout",
  ].join("\n");
  return dockerCli(["exec", "--interactive", CLIENT, "python3", "-"], `${preamble}\n${program}\n`);
}

beforeAll(async () => {
  await clear();
  for (const stack of [STACK, LOCAL]) await removeStack(stack);
  writeStack(STACK, {
    backup: {
      ...{ enabled: true, vault: "aws", regions: [REGION, "eu-west-1", "eu-north-1"] },
      aws: {
        account: "111122223333",
        breakGlass: ["arn:aws:iam::111122223333:user/ann"],
        alarmEmails: ["a@example.com"],
      },
    },
  });
  // What an S3 server runs from is an image of stacks that have their own.
  writeStack(LOCAL, { backup: { enabled: true } });
  const images: PlannedResource[] = [];
  for (const stack of [STACK, LOCAL]) {
    await succeed(["images", "--stack", stack]);
    images.push(...resourcesOf(await planStack(stack, { root: ROOT }), TYPES.image));
  }
  const imageOf = (name: string) => {
    const found = images.find((image) => image.name === name);
    if (found === undefined) throw new Error(`no image ${name}`);
    return textOf(found, "imageName");
  };

  await dockerCli(["network", "create", "--internal", INSIDE]);
  await dockerCli(["network", "create", OUTSIDE]);
  const names = ["*.s3", "*.s3.dualstack"].map((part) => `DNS:${part}.${REGION}.amazonaws.com`);
  const serve = (port: number, domain: string) =>
    `versitygw --port :${port} --region ${REGION} --cert /tmp/tls.crt --key /tmp/tls.key --virtual-domain ${domain} posix /tmp/objects`;
  const s3 = [
    "mkdir -p /tmp/objects/" + BUCKET,
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=s3 -addext subjectAltName=${names.join(",")} -keyout /tmp/tls.key -out /tmp/tls.crt`,
    `${serve(444, HOST.replace("s3.", "s3.dualstack."))} &`,
    `exec ${serve(443, HOST)}`,
  ].join("\n");
  const keys = ["--env", "ROOT_ACCESS_KEY_ID=ACCESS", "--env", "ROOT_SECRET_ACCESS_KEY=SECRETSECRET"];
  await dockerCli([
    "run",
    "--detach",
    "--name",
    S3,
    "--network",
    OUTSIDE,
    ...keys,
    "--entrypoint",
    "bash",
    imageOf("vault"),
    "-euc",
    s3,
  ]);

  const to = routes.map(({ name }) => `${name}=${S3}:${name.includes("dualstack") ? 444 : 443}`).join(" ");
  await dockerCli([
    "create",
    "--name",
    RELAY,
    "--network",
    OUTSIDE,
    "--env",
    `RELAY_ROUTES=${to}`,
    imageOf("vault-relay"),
  ]);
  await dockerCli([
    "network",
    "connect",
    ...routes.flatMap(({ name }) => ["--alias", name]),
    "--alias",
    "vault-relay",
    INSIDE,
    RELAY,
  ]);
  await dockerCli(["start", RELAY]);
  await dockerCli([
    "run",
    "--detach",
    "--name",
    CLIENT,
    "--network",
    INSIDE,
    "--entrypoint",
    "sleep",
    imageOf("backup"),
    "infinity",
  ]);
  const ca = await dockerCli([
    "exec",
    S3,
    "bash",
    "-c",
    "until test -s /tmp/tls.crt; do sleep 0.2; done; cat /tmp/tls.crt",
  ]);
  await dockerCli(["exec", "--interactive", CLIENT, "sh", "-c", "cat >/tmp/ca.crt"], `${ca}\n`);
}, 900_000);

afterAll(async () => {
  await clear();
  for (const stack of [STACK, LOCAL]) await removeStack(stack);
});

describe("the way to a vault on AWS", () => {
  it("leads the platform's own client, restic and pgBackRest to the bucket, by AWS's names and TLS from end to end", async () => {
    const done = await asBackup(
      [
        "client = Client(region, keys)",
        "client.put('manifests/one.json', b'{}')",
        "assert client.get('manifests/one.json') == b'{}'",
        "environment = restic_environment(region, keys, 'passphrase', Path('/tmp/cache'))",
        "sh('restic', *restic_options(region), 'init', **environment)",
        "sh('restic', *restic_options(region), 'backup', '/etc/hostname', **environment)",
        "taken = json.loads(sh('restic', *restic_options(region), 'snapshots', '--json', **environment))",
        "Path('/tmp/pgbackrest.conf').write_text(pgbackrest_conf([region], keys, 'passphrase', 'main', Path('/tmp/none'), Path('/tmp'), Path('/tmp')))",
        "sh('pgbackrest', '--config=/tmp/pgbackrest.conf', '--repo=1', 'repo-ls')",
        "print(len(taken), client.keys('restic/')[0])",
      ].join("\n"),
    );
    expect(done).toMatch(/^1 restic\//);
  });

  it("leads nowhere else: not to another bucket, another host, nor by another protocol", async () => {
    // A request for a name, to an address, with TLS or without; the answer's status, or "none".
    const ask = (name: string, address: string, tls = true) =>
      asBackup(
        [
          "import socket, ssl",
          "context = ssl._create_unverified_context()",
          "try:",
          `    raw = socket.create_connection((${JSON.stringify(address)}, 443), timeout=8)`,
          `    way = context.wrap_socket(raw, server_hostname=${JSON.stringify(name)}) if ${tls ? "True" : "False"} else raw`,
          `    way.sendall(b"GET / HTTP/1.1\\r\\nHost: ${name}\\r\\nConnection: close\\r\\n\\r\\n")`,
          "    print((way.recv(100).decode().split() + ['', 'none'])[1])",
          "except OSError:",
          "    print('none')",
        ].join("\n"),
      );
    const known = routes[0]?.name ?? "";
    // Without a signature it is refused by S3 itself: it was reached.
    expect(await ask(known, "vault-relay")).toBe("403");
    for (const name of [`other.${HOST}`, HOST, "example.com", `${known}.example.com`])
      expect([name, await ask(name, "vault-relay")]).toEqual([name, "none"]);
    expect(await ask(known, "vault-relay", false)).toBe("none");
    expect(await ask(known, S3)).toBe("none");
  });

  it("is the only one that a policy lets out, beside the edge", async () => {
    const { exitCode, stdout, stderr } = await platform(["plan", "--stack", STACK]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).not.toContain("ways-out-are-named");
  });
});
