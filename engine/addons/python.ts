import { readdirSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";
import { z } from "zod";

import { Fault, messageOf } from "../fault.ts";

/** Reads wheels and folders; also what the image's build checks with. */
const TOOL = "docker/odoo/platform_addons.py";

/** The oldest Python that Odoo's images have: what is chosen must run there too. */
const PYTHON_VERSION = "3.12";

const inspectedSchema = z.object({
  dist: z.string().optional(),
  version: z.string().optional(),
  file: z.string().optional(),
  sha256: z.string().optional(),
  requires: z.array(z.string()).optional(),
  module: z.string().optional(),
  digest: z.string().optional(),
  page: z.string().optional(),
  manifest: z
    .object({
      version: z.string(),
      license: z.string(),
      depends: z.array(z.string()),
      python: z.array(z.string()),
      website: z.string(),
      status: z.string(),
      installable: z.boolean(),
    })
    .optional(),
});

/** What a wheel or an addon's folder is, by its files. */
export type Inspected = z.output<typeof inspectedSchema>;

/** Reads wheels and addons' folders. */
export async function inspectAddons(root: string, paths: readonly string[]): Promise<Inspected[]> {
  if (paths.length === 0) return [];
  const stdout = await python([join(root, TOOL), "inspect", ...paths]);
  return z.array(inspectedSchema).parse(JSON.parse(stdout));
}

/**
 * Downloads wheels with pip, which knows the machine's package index, into a folder; no dependencies.
 *
 * @param requirements as pip takes them; with hashes, pip verifies them.
 * @returns paths of the folder's wheels.
 * @throws Fault naming what the index doesn't have.
 */
export async function downloadWheels(requirements: readonly string[], folder: string): Promise<string[]> {
  const only = ["--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none"];
  try {
    await python([
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      ...only,
      "--python-version",
      PYTHON_VERSION,
      "--dest",
      folder,
      ...requirements,
    ]);
  } catch (error) {
    const said = messageOf(error);
    const missing = [...said.matchAll(/No matching distribution found for (\S+)/g)].map(([, name = ""]) => name);
    if (missing.length > 0)
      throw new Fault(`The package index has no pure wheel of ${missing.join(", ")} for Python ${PYTHON_VERSION}.`);
    throw error;
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith(".whl"))
    .sort()
    .map((name) => join(folder, name));
}

async function python(args: readonly string[]): Promise<string> {
  const ran = await x("python3", [...args]).then(
    (result) => result,
    (error: unknown) => {
      throw new Fault(
        `python3 can't be run (${messageOf(error)}): addons are read and fetched with it. On Debian: apt-get install python3 python3-pip`,
      );
    },
  );
  if (ran.exitCode === 0) return ran.stdout;
  if (/No module named pip/.test(ran.stderr))
    throw new Fault("python3 has no pip, which fetches addons. On Debian: apt-get install python3-pip");
  throw new Fault(ran.stderr.trim() === "" ? `python3 ended with ${ran.exitCode}` : ran.stderr.trim());
}
