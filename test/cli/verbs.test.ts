import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Command, CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Fault } from "../../engine/fault.ts";
import { type Clone, makeClone } from "../harness/clone.ts";
import { type EngineApi, engineApi } from "../harness/engine-api.ts";
import { makeProject, type Project } from "../harness/project.ts";
import { untraced } from "../harness/untraced.ts";

const VERBS = [
  "up",
  "down",
  "plan",
  "verify",
  "gate",
  "evidence",
  "status",
  "logs",
  "shell",
  "update",
  "rollback",
  "promote",
  "clone",
  "cutover",
  "preview",
  "mcp",
  "outputs",
  "images",
  "lock",
  "review",
  "sla",
  "lessons",
  "docs",
  "doctor",
];

let project: Project;
let printed: string;
const here = process.cwd();
const env = { ...process.env };

beforeEach(() => {
  project = makeProject();
  process.chdir(project.root);
  process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.env = { ...env };
  process.exitCode = undefined;
  process.chdir(here);
  project.remove();
});

async function commandOf(verb: string): Promise<Command> {
  const { register } = (await import(`../../cli/${verb}.ts`)) as { register: (command: Command) => void };
  const command = new Command(verb).exitOverride().configureOutput({ writeErr: () => undefined });
  register(command);
  return command;
}

/** Runs a verb; gives what it printed on standard output. */
async function run(verb: string, ...args: string[]): Promise<string> {
  const command = await commandOf(verb);
  await untraced(() => command.parseAsync(args, { from: "user" }));
  return printed;
}

describe("help", () => {
  test.each(VERBS)("of %s has an example, with options that there are", async (verb) => {
    const command = (await commandOf(verb)).configureOutput({ writeOut: (part) => (printed += part) });
    command.outputHelp();
    const examples = printed.slice(printed.search(/^Examples?:$/m)).match(/^ {2}.*\bnpm run .*$/gm) ?? [];
    const parts = examples.flatMap((line) => line.split("|"));
    const own = parts.flatMap((part) => new RegExp(`(?:npm run|platform --) (${verb}\\b.*)`).exec(part)?.[1] ?? []);
    expect(own.length).toBeGreaterThan(0);
    const used = own.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []);
    const known = [command, ...command.commands].flatMap(({ options }) => options.map(({ long }) => long));
    expect(used.filter((option) => !known.includes(option))).toEqual([]);
  });
});

describe("usage errors", () => {
  test.each<[string, string[], string]>([
    ["plan", ["--jsn"], "error: unknown option '--jsn'"],
    ["plan", ["--stack"], "error: option '-s, --stack <name>' argument missing"],
    ["plan", ["dev"], "error: too many arguments. Expected 0 arguments but got 1."],
    ["logs", [], "error: missing required argument 'service'"],
    ["verify", ["--task", "9.9"], "error: no probe measures 9.9"],
  ])("%s %j", async (verb, args, sentence) => {
    const failure = await run(verb, ...args).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommanderError);
    expect((failure as Error).message).toContain(sentence);
  });
});

describe("plan", () => {
  test("is a table of resources, with what is protected", async () => {
    const text = await run("plan", "--stack", "prod");
    expect(text).toMatch(/docker:index\/volume:Volume +│ postgres-data +│ postgres +│ protected/);
    expect(text).toMatch(/^\d+ resources, digest [0-9a-f]{12}$/m);
  });

  test("ends with what the policies say: `up` of prod is refused until its phases are GO", async () => {
    const text = await run("plan", "--stack", "prod");
    expect(text).toMatch(/^mandatory +required-phases-are-go +odoo-platform-prod: phase 5 is PENDING \(open: 5\.1, /m);
    expect(text.trimEnd().split("\n").at(-1)).toBe("Policies: 6 mandatory. `up` of stack prod would be refused now.");
  });

  test("for programs has each finding", async () => {
    project.addStack("loud", "dev", { "httpsPort: 8443": "httpsPort: 8443\n    bindAddress: 0.0.0.0" });
    const { findings } = JSON.parse(await run("plan", "--stack", "loud", "--json")) as { findings: { rule: string }[] };
    expect([...new Set(findings.map(({ rule }) => rule))]).toEqual([
      "only-production-is-on-the-network",
      "ports-name-an-address",
    ]);
  });

  test("isn't made from evidence that is none", async () => {
    mkdirSync("evidence/prod", { recursive: true });
    writeFileSync("evidence/prod/2.5.json", "{");
    await expect(run("plan", "--stack", "prod")).rejects.toThrow(
      /^evidence\/prod\/2\.5\.json is not JSON\. Run `npm run/,
    );
  });
});

test("up of what the policies refuse touches nothing, not even the Docker Engine", async () => {
  await expect(run("up", "--stack", "prod")).rejects.toThrow(/^The policies refuse stack prod: 6 violations\.$/m);
});

test("outputs are what Pulumi gives, with secrets masked", async () => {
  const outputs = JSON.parse(await run("outputs")) as { adminPassword: string; urls: { odoo: string } };
  expect([outputs.adminPassword, outputs.urls.odoo]).toEqual(["[secret]", "https://odoo.localhost:8443"]);
});

describe("docs", () => {
  let clone: Clone;
  beforeEach(() => {
    clone = makeClone();
    process.chdir(clone.root);
  });
  afterEach(() => {
    process.chdir(here);
    clone.discard();
  });

  test("write what is not as it should be, once", async () => {
    clone.remove("docker-compose.yml");
    clone.remove("spec");
    expect(await run("docs")).toMatch(/^Written: docker-compose\.yml, spec\/.*constitution\.md, .*tasks\.md\.$/m);
    expect(readFileSync("docker-compose.yml", "utf8")).toContain("name: odoo-platform-dev");
    printed = "";
    expect(await run("docs")).toBe("All generated files are current.\n");
  });

  test("--check writes nothing, and says which file isn't as the plans say", async () => {
    writeFileSync("docker-compose.yml", "edited by hand");
    await expect(run("docs", "--check")).rejects.toThrow(
      new Fault("Not as the plans say: docker-compose.yml. Run `npm run platform -- docs` and commit."),
    );
    expect(readFileSync("docker-compose.yml", "utf8")).toBe("edited by hand");
  });
});

describe("logs", () => {
  test("of a service that there isn't name those that there are", async () => {
    await expect(run("logs", "redis")).rejects.toThrow(
      new Fault(
        "Stack dev has no service redis; it has alertmanager, backup, blackbox-exporter, edge, identity-init, keycloak, mail, mcp, mcp-key, mcp-odoo, mcp-sql, node-exporter, odoo, odoo-init, postgres, postgres-exporter, postgres-init, prometheus, shell, shell-gate, shell-reader, sign-on, sql-exporter, vault-init, vault-region-a, vault-region-b, vault-region-c.",
      ),
    );
  });

  test("are of a whole number of lines", async () => {
    await expect(run("logs", "odoo", "--tail", "many")).rejects.toThrow(
      new Fault("--tail must be a whole number of lines; got many"),
    );
  });

  describe("from the Engine", () => {
    let api: EngineApi;
    let there: boolean;
    beforeEach(async () => {
      there = true;
      const frame = Buffer.from([2, 0, 0, 0, 0, 0, 0, 6, ...Buffer.from("line\n!")]);
      api = await engineApi(({ path }) => (there && path.endsWith("-odoo/logs") ? { text: frame } : undefined));
      process.env["DOCKER_HOST"] = api.host;
    });
    afterEach(() => api.close());

    test("come without the bytes that frame them", async () => {
      expect(await run("logs", "odoo", "--tail", "5")).toBe("line\n!");
      expect(api.asked[0]).toMatchObject({ path: "/containers/odoo-platform-dev-odoo/logs", query: { tail: "5" } });
    });

    test("of a container that isn't there say what makes it", async () => {
      there = false;
      await expect(run("logs", "odoo")).rejects.toThrow(
        new Fault("There is no container odoo-platform-dev-odoo; run `npm run platform -- up` first."),
      );
    });
  });
});

describe("down --volumes", () => {
  beforeEach(() => {
    // A Docker Compose that would say what it was told to do.
    mkdirSync("node_modules/.bin", { recursive: true });
    writeFileSync("node_modules/.bin/docker", '#!/bin/sh\ntest "$2" = version && echo 2.40.3 || touch touched\n', {
      mode: 0o755,
    });
    process.env["PULUMI_HOME"] = join(project.root, "no-pulumi");
    process.env["PATH"] = "/usr/bin:/bin";
  });

  test("is refused where data is protected, whatever is said", async () => {
    await expect(run("down", "--stack", "prod", "--volumes", "--yes")).rejects.toThrow(
      new Fault(
        "The data of stack prod is protected. Set protectData: false in Pulumi.prod.yaml first, if it is really to be removed.",
      ),
    );
  });

  test("is refused where nobody can be asked and nobody said --yes", async () => {
    await expect(run("down", "--volumes")).rejects.toThrow(
      new Fault("--volumes removes all data of stack dev; say --yes where nobody can be asked."),
    );
  });
});
