import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Fault } from "../engine/fault.ts";
import {
  findRecordFault,
  MAKERS,
  type RecordKind,
  recordPath,
  recordSchema,
  type StackRecord,
} from "../gates/records/record.ts";
import { recordMarkdown } from "../gates/records/markdown.ts";
import { type Signer, sealed } from "../gates/seal.ts";
import { sentences } from "../stacks/config-fault.ts";
import { machineKey } from "./evidence-key.ts";

/**
 * A record of a stack, as it lies there; undefined where there is none.
 *
 * @throws Fault when it is no record of this kind.
 */
export function readRecord<K extends RecordKind>(
  root: string,
  stack: string,
  kind: K,
): Extract<StackRecord, { kind: K }> | undefined {
  const path = recordPath(stack, kind);
  if (!existsSync(join(root, path))) return undefined;
  const mend = `Restore it from git, or remove it and run \`npm run platform -- ${MAKERS[kind]} --stack ${stack}\`.`;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch {
    throw new Fault(`${path} is not JSON. ${mend}`);
  }
  const { data, error } = recordSchema.safeParse(value);
  if (data === undefined)
    throw new Fault(
      [`${path} is no record. ${mend}`, ...error.issues.flatMap((issue) => sentences(issue, value))].join("\n  - "),
    );
  if (data.kind !== kind) throw new Fault(`${path} is a record of kind ${data.kind}. ${mend}`);
  return data as Extract<StackRecord, { kind: K }>;
}

/** Writes a record, signed by this machine, with its page beside it. @returns where the page is. */
export function writeRecord(root: string, record: StackRecord): string {
  const path = recordPath(record.stack, record.kind);
  const page = path.replace(/\.json$/, ".md");
  mkdirSync(join(root, dirname(path)), { recursive: true });
  const signed = sealed(recordSchema.parse(record), machineKey(root));
  writeWhole(join(root, page), recordMarkdown(record));
  writeWhole(join(root, path), `${JSON.stringify(signed, null, 2)}\n`);
  return page;
}

/** @throws Fault when nobody should sign this record now. */
export function refuseUnsignable(
  root: string,
  kind: RecordKind,
  judge: { readonly stack: string; readonly signers: readonly Signer[]; readonly now: Date },
): void {
  const record = readRecord(root, judge.stack, kind);
  const fault = record === undefined ? "is not there" : findRecordFault(record, judge);
  if (fault === undefined) return;
  const path = recordPath(judge.stack, kind);
  throw new Fault(`${path} ${fault}. Run \`npm run platform -- ${MAKERS[kind]} --stack ${judge.stack}\`.`);
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
