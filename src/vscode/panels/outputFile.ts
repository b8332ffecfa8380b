import { readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import { firstFailure } from '../../town/check.ts';
import { parseRequestId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { RigState } from '../../town/state.ts';
import type { OutputSource } from '../messages/queueOutput.ts';
import { requestResults } from './requestResults.ts';

/** A file that holds what a check printed. */
export interface FoundOutput {
  /** Absolute path; null: there is none (yet). */
  readonly file: string | null;
  /** More is being written, to this file or to that of the check after it. */
  readonly live: boolean;
}

/** What is read for a source just now. `folder` is the rig's state folder. */
export async function findOutput(
  folder: string,
  state: RigState,
  source: OutputSource,
): Promise<FoundOutput> {
  if (source.kind === 'check') {
    const request = parseRequestId(source.request);
    const found = request === null ? undefined : state.requests[request];
    return { file: await outputFile(folder, found, source.check), live: false };
  }
  const { batch } = state.queue;
  if (batch?.id !== source.batch) return { file: null, live: false };
  if (batch.running.includes(source.length))
    return { file: await newestOutput(folder, source.batch, source.length), live: true };
  const checks = batch.runs[source.length]?.checks ?? [];
  const written = checks.findLast(({ outputFile: file }) => file !== null);
  const file = (firstFailure(checks) ?? written)?.outputFile ?? written?.outputFile ?? null;
  return { file: file === null ? null : await within(folder, file), live: false };
}

/**
 * Absolute path of a result's output; null when there is none, when it is gone, or when it would lie outside the
 * rig's state folder (links resolved).
 */
export async function outputFile(
  folder: string,
  request: MergeRequest | undefined,
  index: number,
): Promise<string | null> {
  const file = request === undefined ? null : (requestResults(request)[index]?.outputFile ?? null);
  return file === null ? null : within(folder, file);
}

/**
 * What a run writes just now. Results name their files only once a run is over; until then the newest folder of its
 * length is its own (foreman/places.ts ends it with an instant), and in it the check with the highest number.
 */
async function newestOutput(folder: string, batch: number, length: number): Promise<string | null> {
  const outputs = join(folder, 'outputs');
  const run = highest(await entriesOf(outputs), new RegExp(`^batch-${batch}\\.${length}\\.(\\d+)$`));
  if (run === null) return null;
  const check = highest(await entriesOf(join(outputs, run)), /^(\d+)-[a-z0-9-]+\.log$/);
  return check === null ? null : within(folder, join(outputs, run, check));
}

function highest(names: readonly string[], pattern: RegExp): string | null {
  const numbered = names.flatMap((name) => {
    const number = pattern.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return numbered.sort((a, b) => a.number - b.number).at(-1)?.name ?? null;
}

async function within(folder: string, file: string): Promise<string | null> {
  const [inside, found] = await Promise.all([existing(folder), existing(resolve(folder, file))]);
  if (inside === null || found === null) return null;
  const way = relative(inside, found);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : found;
}

async function existing(path: string): Promise<string | null> {
  return realpath(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

async function entriesOf(path: string): Promise<readonly string[]> {
  return readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
