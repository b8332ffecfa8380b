/**
 * The built-in agent: a model and its tools in one worktree, in a terminal a person can watch and type into. Told
 * where the door is by `RIGS_HOME` and who it is by `RIGS_TOKEN`; everything else it asks there.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { call } from '../gateway/client.ts';
import { DoorError } from '../gateway/doorError.ts';
import { type KeptVerb, type Reported, report } from '../gateway/outbox.ts';
import type { ReplyOf, RequestOf, Verb } from '../gateway/protocol.ts';
import { ModelError } from '../ports/models.ts';
import { openModels } from '../providers/models.ts';
import type { AskId } from '../town/ids.ts';
import { workerExit } from './exitCodes.ts';
import { hider } from './hider.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { Screen } from './screen.ts';
import { type SessionEnd, endFor, runSession } from './session.ts';
import { endRunningCommands } from './tools/run.ts';
import { type Foreman, openToolbox } from './tools/toolbox.ts';
import { type Show, openTranscript } from './transcript.ts';

/** Somebody ended the session from outside. */
class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopped');
    this.name = 'Stopped';
    this.exitCode = exitCode;
  }
}

const stopSignals = {
  SIGINT: workerExit.interrupted,
  SIGQUIT: workerExit.quit,
  SIGTERM: workerExit.terminated,
  SIGHUP: workerExit.hungUp,
} as const;

/** The foreman at the door. */
interface ForemansDoor {
  readonly token: string;
  ask<V extends Verb>(verb: V, body: RequestOf<V>): Promise<ReplyOf<V>>;
  /** Says what must not be lost: what nobody takes is kept on disk. */
  tell<V extends KeptVerb>(verb: V, body: RequestOf<V>, patienceMs?: number): Promise<Reported<V>>;
}

/** The two variables leave the environment, so that nothing started from here finds them there. */
function openDoor(signal: AbortSignal): ForemansDoor {
  const { RIGS_HOME: home, RIGS_TOKEN: token } = process.env;
  delete process.env['RIGS_HOME'];
  delete process.env['RIGS_TOKEN'];
  if (home === undefined || token === undefined)
    throw new DoorError(
      'unreachable',
      'RIGS_HOME and RIGS_TOKEN must be set: this program is started by Rigs.',
    );
  return {
    token,
    ask: (verb, body) => call(home, token, verb, body, { signal }),
    tell: (verb, body, patienceMs) =>
      report(home, token, verb, body, { signal, ...(patienceMs === undefined ? {} : { patienceMs }) }),
  };
}

async function work(signal: AbortSignal, screen: Screen): Promise<SessionEnd> {
  const door = openDoor(signal);
  const task = await door.ask('task', {});
  const hide = hider([door.token, task.access.apiKey]);
  const keep = keeper(task.transcript, screen);
  const show: Show = (happening) => {
    const safe = hide(happening);
    screen.show(safe);
    keep(safe);
  };
  const inbox: Inbox = openInbox(process.stdin, (text) => {
    show({ kind: 'typed', text });
  });
  const { beadId: bead, title, agent, branch, purpose, access, frame, worktree, allowed } = task;
  show({
    kind: 'begin',
    bead,
    title,
    agent,
    provider: access.provider,
    model: access.model,
    branch,
    purpose,
  });
  const foreman = foremanAt(door);
  const end = await runSession({
    frame,
    model: access.model,
    models: openModels(access),
    use: openToolbox({ worktree, allowed, env: process.env, foreman, show, signal }),
    typed: () => inbox.take(),
    report: usageReporter(door, show, signal),
    show,
    onText: (piece) => {
      screen.piece(hide(piece));
    },
    signal,
  }).catch((error: unknown) => {
    const stopped = endOf(error);
    if (stopped === null) throw error;
    return stopped;
  });
  show({ kind: 'end', ...end });
  return end;
}

/** The work is worth more than its transcript: a full disk is said once and does not stop it. */
function keeper(file: string, screen: Screen): Show {
  let keep: Show | null = null;
  let failed = false;
  return (happening) => {
    if (failed) return;
    try {
      keep ??= openTranscript(file, () => Date.now());
      keep(happening);
    } catch (error) {
      failed = true;
      screen.show({ kind: 'note', text: `The transcript cannot be kept: ${String(error)}` });
    }
  };
}

const keptDone =
  'The window does not answer; your report is kept and will be taken up when it is back. End your turn.';

function foremanAt(door: ForemansDoor): Foreman {
  return {
    done: async (summary) => {
      const said = await door.tell('done', { id: randomUUID(), summary });
      return said.kept ? { accepted: false, message: keptDone, goOn: false } : said.reply;
    },
    permission: async (tool, detail) =>
      (await door.ask('permission', { ask: newAsk(), tool, detail })).answer,
  };
}

/** Drawn once for a question, however often it has to be asked. */
function newAsk(): AskId {
  return `ak-${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, '0')}` as AskId;
}

/** The door's reasons that say this session is no longer wanted. */
const takenAway: readonly string[] = ['late', 'unauthorized', 'unknown'];

/**
 * Numbers are those of the whole session, so what is lost is made good by the next report. The window is waited for
 * once; as long as it stays away, the work does not wait for it after every step.
 */
function usageReporter(door: ForemansDoor, show: Show, signal: AbortSignal) {
  let away = false;
  return async (usage: RequestOf<'usage'>['usage']): Promise<void> => {
    try {
      const { kept } = await door.tell('usage', { id: randomUUID(), usage }, ...(away ? [0] : []));
      if (kept && !away)
        show({ kind: 'note', text: 'The window does not answer. What is used is kept; the work goes on.' });
      away = kept;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DoorError) || takenAway.includes(error.reason)) throw error;
      show({ kind: 'note', text: `${error.message} The work goes on.` });
    }
  };
}

/** Null: not an end but a mistake of ours. */
function endOf(error: unknown): SessionEnd | null {
  if (error instanceof Stopped) return { text: 'Stopped. The work is kept.', exitCode: error.exitCode };
  if (error instanceof ModelError) return endFor(error);
  if (error instanceof DoorError)
    return { text: `${error.message} The work is kept.`, exitCode: workerExit.noDoor };
  return null;
}

function drawOn(output: NodeJS.WriteStream): Screen {
  // A terminal that was closed; the session goes on to its end or to the hang-up signal.
  output.on('error', () => undefined);
  return new Screen({
    write: (text) => output.write(text),
    columns: () => output.columns || 80,
    colours: output.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
  });
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const [name, exitCode] of Object.entries(stopSignals)) {
    process.on(name, () => {
      // Asked twice: whatever still takes its time is not waited for.
      if (stop.signal.aborted) process.exit(exitCode);
      stop.abort(new Stopped(exitCode));
    });
  }
  process.on('exit', endRunningCommands);
  const screen = drawOn(process.stdout);
  try {
    return (await work(stop.signal, screen)).exitCode;
  } catch (error) {
    const end = endOf(error);
    if (end === null) throw error;
    screen.show({ kind: 'end', ...end });
    return end.exitCode;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    writeSync(2, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
