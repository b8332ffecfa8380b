import * as v from 'valibot';
import type { Files } from '../ports/files.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { damaged, newerSchema, unreadable } from './problems.ts';

/** Schema of everything the store writes. It grows when an older Rigs could misread what a newer one wrote. */
export const storeSchema = 2;

/** Files of the store are the person's own. */
export const fileMode = 0o600;
export const folderMode = 0o700;

const instant = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `<common git dir>/rigs/home.json`: where the state of this repository lies. */
export const pointerSchema = v.object({
  schema: count,
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]{8,64}$/)),
  folder: v.string(),
  commonDir: v.string(),
  madeAt: instant,
});
export type Pointer = v.InferOutput<typeof pointerSchema>;

/** `rig.json` in the state folder: which repository it belongs to. It decides when two pointers name one folder. */
export const deedSchema = v.object({ schema: count, id: v.string(), commonDir: v.string() });
export type Deed = v.InferOutput<typeof deedSchema>;

/** `owner-<epoch>.json`: a process that owns the rig or did. Never written again; the highest epoch counts. */
export const ownerSchema = v.object({
  schema: count,
  pid: count,
  startTime: v.string(),
  boot: v.string(),
  /** Identifies the pid namespace on Linux; empty elsewhere. */
  pidSpace: v.string(),
  /** Absent in what the first schema wrote. */
  machine: v.optional(v.string(), ''),
  /** Identifies the window, over its reloads; empty for what is no window. */
  window: v.optional(v.string(), ''),
  /** True from the beginning for the one that stands before the first owner. */
  released: v.boolean(),
  at: instant,
});
export type OwnerRecord = v.InferOutput<typeof ownerSchema>;

/** `released-<epoch>.json`: that owner let go, with the last number it acknowledged and the file it wrote last. */
export const releaseSchema = v.object({ schema: count, seq: count, segment: count, at: instant });
export type Release = Pick<v.InferOutput<typeof releaseSchema>, 'seq' | 'segment'>;

/** `snapshot-<seq>.json`: what the database beside it must look like, and where the journal goes on. */
export const manifestSchema = v.object({
  schema: count,
  seq: count,
  segment: count,
  size: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/**
 * First line of a journal file: `after` is the last sequence number that counts before it, `previous` the number of
 * the file it follows. The first schema knew neither owners nor gaps.
 */
export const headerSchema = v.pipe(
  v.object({
    schema: count,
    segment: count,
    after: count,
    epoch: v.optional(count, 0),
    previous: v.optional(count),
  }),
  v.transform((header) => ({ ...header, previous: header.previous ?? header.segment - 1 })),
);
export type Header = v.InferOutput<typeof headerSchema>;

const eventSchema = v.looseObject({ type: v.string() });
export const transactionSchema = v.object({
  seq: count,
  at: instant,
  /** Version of the events; the first Rigs did not write it. */
  v: v.optional(count, 1),
  events: v.array(eventSchema),
});

type Versioned<T> = v.GenericSchema<unknown, T & { readonly schema: number }>;

/** Null when there is no such file; throws StoreError `damaged` or `newer_schema`. */
export async function readRecord<T>(files: Files, path: string, schema: Versioned<T>): Promise<T | null> {
  const bytes = await bytesIfThere(path, files).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return bytes === null ? null : parseRecord(path, parseJson(path, bytes.toString()), schema);
}

export function parseRecord<T>(path: string, value: unknown, schema: Versioned<T>): T {
  const version = v.safeParse(v.looseObject({ schema: count }), value);
  // Asked before the rest: a newer Rigs may have changed every other member.
  if (version.success && version.output.schema > storeSchema) {
    throw newerSchema(path, `schema ${String(version.output.schema)}, this one knows ${String(storeSchema)}`);
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw damaged(path, v.summarize(result.issues));
  return result.output;
}

export function printRecord(record: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, 'it is not JSON', error);
  }
}
