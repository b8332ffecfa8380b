import path from 'node:path';
import type { AgentSession, Sighting } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../system/clock.ts';
import type { Doing } from '../../town/polecat.ts';
import { followJsonl, newestFile } from '../tail.ts';
import { Counter, doingIn, writtenAt } from './chat.ts';
import { GeminiError } from './error.ts';
import { type GeminiHome, homeIn } from './home.ts';
import { refusalIn } from './refusal.ts';
import { readNote } from './sessionNote.ts';
import { readSettings } from './settingsFile.ts';
import { type Asked, TelemetryTail } from './telemetry.ts';
import { trustOfWork } from './trust.ts';

const lookEveryMs = 1_000;
/** Rows that were written before, while nobody watched, no longer say what the agent does. */
const freshMs = 5_000;

type See = (sighting: Sighting) => void;

/** Tokens and cancelled turns from the agent's chats, refused requests from its telemetry. */
export async function watch(
  session: AgentSession,
  see: See,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const home = homeIn(session.folder, process.env);
  const note = await readNote(home.session, session.caller.token);
  // Known from what the person set, not from the screen: no hook runs before these are answered.
  const rules = note?.trustIn ?? null;
  if (rules !== null) see(doing('dialog', 'Do you trust the files in this folder?'));
  else if (note?.asksLogin === true)
    see(doing('login', 'How would you like to authenticate for this project?'));
  const failed = new AbortController();
  const parts = {
    home,
    see,
    clock,
    signal: AbortSignal.any([signal, failed.signal]),
    since: note?.since ?? 0,
  };
  const all = [
    watchChats(parts),
    watchTelemetry(parts),
    ...(rules === null ? [] : [watchTrust(session, rules, parts)]),
  ];
  try {
    await Promise.all(all);
  } finally {
    failed.abort();
    await Promise.allSettled(all);
  }
}

/** Answered, the program ends to begin anew; as a rule (0.61.0: not when a second key comes while it does). */
async function watchTrust(
  { worktree, repository }: AgentSession,
  file: string,
  { see, clock, signal }: Watching,
): Promise<void> {
  let answered = false;
  await everySecond(clock, signal, async () => {
    if (answered) return;
    const rules = await readSettings(file).catch((error: unknown) => {
      // The program is writing it.
      if (error instanceof GeminiError) return {};
      throw error;
    });
    if ((await trustOfWork(worktree, repository, rules)) === null) return;
    answered = true;
    see(doing('starting', null));
  });
}

interface Watching {
  readonly home: GeminiHome;
  readonly see: See;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the session was started. */
  readonly since: number;
}

/** A new chat begins with `/clear`; each is read from its beginning, and answers are known by their ids. */
async function watchChats({ home, see, clock, signal, since }: Watching): Promise<void> {
  const counter = new Counter(since);
  const began = clock.now();
  const followed = new Set<string>();
  const following: Promise<void>[] = [];
  const onRow = (row: unknown): void => {
    const usage = counter.after(row);
    if (usage !== null) see({ kind: 'usage', usage });
    const fresh = (writtenAt(row) ?? 0) > began - freshMs;
    const seen = fresh ? doingIn(row) : null;
    if (seen !== null) see({ kind: 'doing', doing: seen });
    else if (fresh) see({ kind: 'alive' });
  };
  await everySecond(clock, signal, async () => {
    const chat = await newestFile(path.join(home.folder, 'tmp'), isChat, 2);
    if (chat === null || followed.has(chat)) return;
    followed.add(chat);
    following.push(followJsonl(chat, onRow, signal, { clock }));
  });
  await Promise.all(following);
}

function isChat(name: string): boolean {
  return /^[^/]+\/chats\/session-[^/]+\.jsonl$/.test(name);
}

async function watchTelemetry({ home, see, clock, signal }: Watching): Promise<void> {
  const tail = new TelemetryTail(home.telemetry);
  let refused: Doing | null = null;
  await everySecond(clock, signal, async () => {
    const asked = (await tail.read()).at(-1);
    if (asked === undefined) return;
    const now = meaningOf(asked, clock.now());
    if (now !== null) see({ kind: 'doing', doing: now });
    // The same request was asked again and answered, with no hook in between.
    else if (refused !== null && asked.refused === null) see(doing('working', null));
    else see({ kind: 'alive' });
    refused = now;
  });
}

function meaningOf({ refused, at }: Asked, now: number): Doing | null {
  if (refused === null) return null;
  const found = refusalIn(refused.status, refused.said, Number.isFinite(at) ? at : now);
  return found?.until != null && found.until <= now ? null : found;
}

function doing(kind: Doing['kind'], detail: string | null): Sighting {
  return { kind: 'doing', doing: { kind, until: null, detail } };
}

/** It may become so while something is waited for. */
function over(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function everySecond(clock: Clock, signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look();
    await clock.sleep(lookEveryMs, signal).catch((error: unknown) => {
      if (!over(signal)) throw error;
    });
  }
}
