import path from 'node:path';
import * as v from 'valibot';
import { DeskError } from '../ports/desk.ts';
import type { Files } from '../ports/files.ts';
import type { Notice, Notices } from '../ports/notices.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { Turns } from '../system/turns.ts';
import { readPersonToken } from './home.ts';
import { type KeptCall, keptCall, keptFile, outboxOf } from './outbox.ts';
import { type Listeners, type SaidAt, type Say, prepareToSay } from './sayAgain.ts';
import { type TokenBook, isSealOf } from './tokens.ts';
import type { Speaker } from './verbs.ts';

export interface TakeUpParts extends Listeners {
  /** The door's folder. */
  readonly home: string;
  readonly tokens: Pick<TokenBook, 'sealerOf'>;
  readonly notices: Notices;
  readonly now: () => number;
  /** Told why one was left that nobody refused, such as a full disk. */
  readonly onError?: (error: unknown) => void;
  readonly files?: Files;
}

/** What became of each, by file name. */
export interface TakenUp {
  readonly taken: readonly string[];
  /** Said in time, and refused: a newer session has the bead, or it ended. */
  readonly refused: readonly string[];
  /** Damaged, said by nobody who holds a token of this rig, or a person's that was refused; kept under `aside/` and named in the feed. */
  readonly setAside: readonly string[];
  /** Not written down now; left where it is for the next time. */
  readonly left: readonly string[];
}

const entryName = /^\d{15}-[0-9a-f-]{36}\.json$/;
/** Larger than any call that the door takes. */
const longestEntry = 8 * 1024 * 1024;
const keepTakenMs = 7 * 24 * 60 * 60_000;
const takenFolder = 'taken';
const asideFolder = 'aside';

/** Whether something waits to be taken up. */
export async function holdsEntries(outbox: string, files: Files = realFiles): Promise<boolean> {
  return (await namesIn(files, outbox)).some((name) => entryName.test(name));
}

/**
 * Takes up what agents said while no window answered, in the order of their words, each once: the state remembers
 * what it took, so one that was taken before a crash changes nothing. To be called before hands run and before an
 * exit of a session is believed, because an agent that kept its done has ended; may be called as often as one likes.
 * One that fails is left for the next time and keeps nothing else from being taken up.
 */
export async function takeUpOutbox(parts: TakeUpParts): Promise<TakenUp> {
  const { files = realFiles, home } = parts;
  const outbox = outboxOf(home);
  const names = (await namesIn(files, outbox)).filter((name) => entryName.test(name)).toSorted();
  if (names.length === 0) return { taken: [], refused: [], setAside: [], left: [] };
  const before = await takenIn(files, outbox);
  const readied = await Promise.all(
    names.map(async (name) => ({ name, ...(await ready(parts, path.join(outbox, name), before)) })),
  );
  // All of it in this one turn: what is seen next is seen by a town that knows every word.
  const told = readied.map(({ say, ...one }) => ({ ...one, saying: say?.() ?? null }));
  const ends = await Promise.all(told.map(async (one) => ({ name: one.name, ...(await endOf(parts, one)) })));
  const moved: { readonly name: string; readonly end: End }[] = [];
  for (const { name, end, why } of ends) {
    const there = end === 'left' || (await move(parts, outbox, name, end, why));
    moved.push({ name, end: there ? end : 'left' });
  }
  await forgetOld(files, path.join(outbox, takenFolder), parts.now()).catch((error: unknown) =>
    parts.onError?.(error),
  );
  const those = (wanted: End): readonly string[] =>
    moved.filter(({ end }) => end === wanted).map(({ name }) => name);
  return {
    taken: those('taken'),
    refused: those('refused'),
    setAside: those('setAside'),
    left: those('left'),
  };
}

/** False when it stays where it is; it will be said again, which changes nothing. */
async function move(
  { notices, now, onError, files = realFiles }: TakeUpParts,
  outbox: string,
  name: string,
  end: End,
  why: string,
): Promise<boolean> {
  const folder = path.join(outbox, end === 'setAside' ? asideFolder : takenFolder);
  try {
    await files.makeFolder(folder, 0o700);
    await files.rename(path.join(outbox, name), path.join(folder, name));
  } catch (error) {
    onError?.(error);
    return false;
  }
  if (end === 'setAside') notices.post(setAside(now(), path.join(folder, name), why));
  return true;
}

/** What was taken is kept for a week, for whoever wants to know what an agent said. */
async function forgetOld(files: Files, folder: string, now: number): Promise<void> {
  for (const name of await namesIn(files, folder)) {
    if (Number.parseInt(name, 10) < now - keepTakenMs) await files.unlink(path.join(folder, name));
  }
}

/** The same, to be called from wherever: one at a time, because two at once would move the same files. */
export function takeUpInTurn(parts: TakeUpParts): () => Promise<void> {
  const turns = new Turns();
  return async () => {
    await turns.take(parts.home, () => takeUpOutbox(parts));
  };
}

type End = keyof TakenUp;

interface Readied {
  /** Null: nobody known. */
  readonly speaker: Speaker | null;
  readonly say: Say | null;
  /** Why there is nothing to say. */
  readonly wrong: { readonly end: End; readonly why: string } | null;
}

/** When what was taken before was said, by its id: the town knows only when it heard of it. */
async function takenIn(files: Files, outbox: string): Promise<SaidAt> {
  const names = (await namesIn(files, path.join(outbox, takenFolder))).filter((name) => entryName.test(name));
  return new Map(names.map((name) => [name.slice(16, -'.json'.length), Number.parseInt(name, 10)]));
}

async function ready(parts: TakeUpParts, file: string, before: SaidAt): Promise<Readied> {
  const { files = realFiles } = parts;
  let bytes: Buffer;
  let person: string | null;
  try {
    bytes = await files.read(file);
    person = await readPersonToken(parts.home);
  } catch (error) {
    // It may be sound: what it says is not known yet.
    return nothing(...refusedBy(parts, error, null));
  }
  let kept: KeptCall;
  let sealer: Speaker | null;
  try {
    if (bytes.length > longestEntry) throw new Error(`It is longer than ${String(longestEntry)} bytes.`);
    const { said, seal } = v.parse(keptFile, JSON.parse(bytes.toString('utf8')));
    sealer = sealerOf(parts, person, said, seal);
    kept = v.parse(keptCall, JSON.parse(said));
  } catch (error) {
    return nothing('setAside', error);
  }
  if (sealer === null) return nothing('setAside', 'Nobody who works on this rig said it.');
  try {
    return { speaker: sealer, say: await prepareToSay(parts, sealer, kept, before), wrong: null };
  } catch (error) {
    return nothing(...refusedBy(parts, error, sealer));
  }
}

function sealerOf(
  { tokens }: TakeUpParts,
  person: string | null,
  said: string,
  seal: string,
): Speaker | null {
  const agent = tokens.sealerOf(said, seal);
  if (agent !== null) return agent;
  return person !== null && isSealOf(person, said, seal) ? 'person' : null;
}

function nothing(end: End, why: unknown): Readied {
  return { speaker: null, say: null, wrong: { end, why: wordsOf(why) } };
}

async function endOf(
  parts: TakeUpParts,
  { wrong, speaker, saying }: Omit<Readied, 'say'> & { readonly saying: Promise<void> | null },
) {
  if (wrong !== null) return wrong;
  try {
    await saying;
    return { end: 'taken' as const, why: '' };
  } catch (error) {
    const [end, why] = refusedBy(parts, error, speaker);
    return { end, why: wordsOf(why) };
  }
}

/** A refusal is an answer; what could not be written down is said again another time. */
function refusedBy(
  { onError }: TakeUpParts,
  error: unknown,
  speaker: Speaker | null,
): readonly [End, unknown] {
  if (error instanceof DeskError) {
    if (error.reason === 'unavailable') return ['left', error];
    // An agent whose session is over asks no more; a person would wonder where their bead is.
    return [speaker === 'person' ? 'setAside' : 'refused', error];
  }
  onError?.(error);
  return ['left', error];
}

function wordsOf(why: unknown): string {
  return why instanceof Error ? why.message : String(why);
}

async function namesIn(files: Files, folder: string): Promise<readonly string[]> {
  try {
    return await files.list(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function setAside(at: number, file: string, message: string): Notice {
  return {
    at,
    level: 'warning',
    what: 'report.set_aside',
    facts: { path: file, message },
    why: null,
    kind: 'town',
    bead: null,
    polecat: null,
    request: null,
  };
}
