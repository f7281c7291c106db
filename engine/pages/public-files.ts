import { statSync } from "node:fs";
import { join } from "node:path";

import { x } from "tinyexec";

import { Fault, messageOf } from "../fault.ts";

/** Machine-written, and changed by every measurement: pages name the folder, not its files. */
const EVIDENCE = "evidence/";

/**
 * Every file of the project that is, or would be, in git: sorted paths below its folder. Evidence is left out.
 *
 * @throws Fault outside a git repository: what is ignored there, nobody knows.
 */
export async function publicFiles(root: string): Promise<string[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { exitCode, stdout, stderr } = await x("git", args, { nodeOptions: { cwd: root } }).then(
    (result) => result,
    (error: unknown) => ({ exitCode: 1, stdout: "", stderr: messageOf(error) }),
  );
  if (exitCode !== 0)
    throw new Fault(`git does not list the files of ${root}: ${stderr.trim()}. Install git, and work in a clone.`);
  // A file that was deleted and not yet committed is listed, as is a link to a folder; a conflict lists a path thrice.
  const isFile = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
  const listed = [...new Set(stdout.split("\0"))].filter((path) => path !== "" && isFile(path));
  return listed.filter((path) => !path.startsWith(EVIDENCE)).sort();
}
