import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type Docker from "dockerode";
import { x } from "tinyexec";

import { connectDocker } from "./docker.ts";
import { Fault, messageOf } from "./fault.ts";
import { isAtLeast, LEAST_ENGINE } from "./version.ts";

const SOCKET = "/var/run/docker.sock";
const LOG = "/var/log/dockerd.log";
/** Why no Docker Engine answers. */
export type EngineProblem = "not installed" | "not running" | "no rights" | "unreachable";

/** Asks the Engine for its version; a problem where it doesn't answer. */
export async function probeEngine(): Promise<{ version: string } | { problem: EngineProblem; detail: string }> {
  try {
    const { Version } = await connectDocker().version();
    return { version: Version };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const detail = messageOf(error);
    if (code === "EACCES") return { problem: "no rights", detail };
    if (process.env["DOCKER_HOST"] !== undefined) return { problem: "unreachable", detail };
    return { problem: (await hasProgram("dockerd")) ? "not running" : "not installed", detail };
  }
}

/**
 * Returns a client of a Docker Engine that answers. Installs and starts one where it may: on Debian or Ubuntu as root,
 * after asking on a terminal, without asking where nobody could answer.
 *
 * @throws Fault with the command that mends it.
 */
export async function ensureEngine(say: (line: string) => void): Promise<Docker> {
  let found = await probeEngine();
  if ("problem" in found && found.problem === "not installed") {
    await installEngine(say);
    found = await probeEngine();
  }
  if ("problem" in found && found.problem === "not running" && isRoot()) {
    say("starting the Docker Engine");
    await startEngine();
    found = await probeEngine();
  }
  if ("problem" in found) throw new Fault(remedy(found.problem, found.detail));
  if (!isAtLeast(found.version, LEAST_ENGINE)) {
    throw new Fault(
      `Docker Engine ${found.version} is too old; ${LEAST_ENGINE} or newer is needed. Install your distribution's docker.io or Docker CE.`,
    );
  }
  return connectDocker();
}

/**
 * What mends an error of a Docker client that could not reach its Engine; undefined for every other error.
 */
export async function explainConnection(error: unknown): Promise<string | undefined> {
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall !== "connect" && code !== "ECONNREFUSED") return undefined;
  const found = await probeEngine();
  return "problem" in found ? remedy(found.problem, found.detail) : undefined;
}

/** How a user mends a problem with the Docker Engine: one sentence and the command. */
export function remedy(problem: EngineProblem, detail: string): string {
  switch (problem) {
    case "no rights":
      return `This user may not use the Docker Engine (${SOCKET}: permission denied). Run \`sudo usermod -aG docker $USER\`, log in again, and repeat the command.`;
    case "not running":
      return "The Docker Engine is installed but does not run. Run `sudo systemctl start docker` (or `sudo dockerd &`), then repeat the command.";
    case "not installed":
      return "There is no Docker Engine on this machine. On Debian or Ubuntu run `sudo apt-get install docker.io`, then repeat the command.";
    case "unreachable":
      return `The Docker Engine at DOCKER_HOST=${process.env["DOCKER_HOST"] ?? ""} does not answer (${detail}). Unset DOCKER_HOST to use the local one, or start that one.`;
  }
}

async function installEngine(say: (line: string) => void): Promise<void> {
  if (!isRoot() || !isDebian()) throw new Fault(remedy("not installed", ""));
  if (process.stdin.isTTY && process.env["CI"] === undefined) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await terminal.question(
      "There is no Docker Engine on this machine. Install docker.io with apt-get? [y/N] ",
    );
    terminal.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new Fault(remedy("not installed", ""));
  }
  say("installing the Docker Engine (docker.io)");
  await installPackages(["docker.io", "iptables"]);
  // Part of docker.io in Debian 12, a package of its own in Debian 13.
  if (!(await hasProgram("docker"))) await installPackages(["docker-cli"]);
}

/** Installs Debian packages; root on Debian or Ubuntu only. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = () =>
    x("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { nodeOptions: { env } });
  // The lists may be fresh already; updating them takes longer than most packages.
  let result = await install();
  if (result.exitCode !== 0) {
    await x("apt-get", ["update", "-qq"], { nodeOptions: { env } });
    result = await install();
  }
  if (result.exitCode !== 0) {
    throw new Fault(
      `apt-get could not install ${packages.join(" ")}: ${result.stderr.trim().split("\n").at(-1) ?? ""}. Run \`apt-get update && apt-get install ${packages.join(" ")}\` and read what it says.`,
    );
  }
}

async function startEngine(): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    await x("systemctl", ["start", "docker"]);
    return untilEngineAnswers();
  }
  // One that was told to end gives its containers the time that they ask for, such as Odoo's minute, and no other starts
  // meanwhile.
  for (let tries = 0; tries < 360 && liveEngine(); tries++) {
    await sleep(500);
    if ("version" in (await probeEngine())) return;
  }
  const log = openSync(LOG, "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  daemon.unref();
  await untilEngineAnswers(daemon);
}

/**
 * Waits up to 60 s for an Engine that is starting; not for one whose process, if it is known, has ended.
 *
 * @throws Fault with the last line of its log, which says why.
 */
export async function untilEngineAnswers(daemon?: ChildProcess, log = LOG): Promise<void> {
  let ended: string | undefined;
  daemon?.once("error", ({ message }) => (ended = message));
  daemon?.once("exit", () => (ended = readFileSync(log, "utf8").trim().split("\n").at(-1)));
  for (let tries = 0; tries < 120; tries++) {
    if ("version" in (await probeEngine())) return;
    if (ended !== undefined) throw new Fault(`dockerd ended while it started: ${ended}. All it said is in ${log}.`);
    await sleep(500);
  }
  throw new Fault(
    `The Docker Engine was started but does not answer after 60 s. Read ${log} (or \`journalctl -u docker\`).`,
  );
}

/** Is there a dockerd, though none answers? The pid file of one that was killed goes: with it no other would start. */
function liveEngine(): boolean {
  const file = "/var/run/docker.pid";
  try {
    const pid = readFileSync(file, "utf8").trim();
    if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "dockerd") return true;
  } catch (error) {
    // Either may go at any moment.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  rmSync(file, { force: true });
  return false;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Debian or one of its children, by /etc/os-release. */
export function isDebian(): boolean {
  if (!existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?="?[^\n]*\b(debian|ubuntu)\b/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Is there such a program on PATH? */
export async function hasProgram(name: string): Promise<boolean> {
  const result = await x("sh", ["-c", 'command -v -- "$1"', "sh", name]);
  return result.exitCode === 0;
}
