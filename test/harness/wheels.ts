import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A package index of a folder: what pip finds while nothing else is asked. */
export interface Index {
  readonly folder: string;
  /** What pip must be told, as environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a wheel of an addon there. */
  readonly addAddon: (name: string, args?: AddonArgs) => void;
  /** Puts a wheel of anything else there. */
  readonly addPython: (name: string, version: string, requires?: readonly string[]) => void;
}

export interface AddonArgs {
  readonly version?: string;
  readonly licence?: string;
  readonly depends?: readonly string[];
  readonly python?: readonly string[];
  /** Text of one of its files. */
  readonly text?: string;
}

export function makeIndex(): Index {
  const folder = mkdtempSync(join(tmpdir(), "index-"));
  return {
    folder,
    env: { PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: "/dev/null" },
    addAddon: (name, args = {}) => {
      const { version = "19.0.1.0.0", depends = ["base"], python = [] } = args;
      const requires = [
        "odoo==19.0.*",
        ...depends.filter((other) => other.startsWith("x_")).map((other) => `odoo-addon-${other}==19.0.*`),
        ...python,
      ];
      writeWheel(folder, `odoo_addon_${name}`, version, requires, addonFiles(`odoo/addons/${name}`, args));
    },
    addPython: (name, version, requires = []) =>
      writeWheel(folder, name.replaceAll("-", "_"), version, requires, { [`${name}.py`]: "" }),
  };
}

/** Files of an addon, by path. */
export function addonFiles(
  folder: string,
  { version = "19.0.1.0.0", licence = "AGPL-3", depends = ["base"], python = [], text = "1" }: AddonArgs = {},
): Record<string, string> {
  const manifest = {
    name: "Trial",
    version,
    license: licence,
    depends,
    website: "https://github.com/OCA/tools",
    ...(python.length > 0 ? { external_dependencies: { python } } : {}),
  };
  return {
    [`${folder}/__init__.py`]: "",
    [`${folder}/__manifest__.py`]: `${JSON.stringify(manifest)}\n`,
    [`${folder}/data/text.txt`]: text,
  };
}

function writeWheel(
  to: string,
  name: string,
  version: string,
  requires: readonly string[],
  files: Readonly<Record<string, string>>,
): void {
  const scratch = mkdtempSync(join(tmpdir(), "wheel-"));
  const info = `${name}-${version}.dist-info`;
  const metadata = [
    "Metadata-Version: 2.1",
    `Name: ${name.replaceAll("_", "-").replace(/^odoo-addon-.*/, name.replace("odoo_addon_", "odoo-addon-"))}`,
    `Version: ${version}`,
    ...requires.map((one) => `Requires-Dist: ${one}`),
    "",
  ].join("\n");
  const all = {
    ...files,
    [`${info}/METADATA`]: metadata,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: trial\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
  const file = join(to, `${name}-${version}-py3-none-any.whl`);
  const { status, stderr } = spawnSync("python3", ["-m", "zipfile", "-c", file, "."], {
    cwd: scratch,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}
