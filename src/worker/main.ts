/**
 * The built-in agent: a model and its tools in one worktree, in a terminal a person can watch and type into. Told
 * where the door is by `RIGS_HOME` and who it is by `RIGS_TOKEN`; everything else it asks there.
 */
import { writeSync } from 'node:fs';
import { DoorError } from '../gateway/doorError.ts';
import { ModelError } from '../ports/models.ts';
import { openModels } from '../providers/models.ts';
import { workerExit } from './exitCodes.ts';
import { foremanAt, openDoor, usageReporter } from './foremansDoor.ts';
import { FuelTeller } from './fuelTeller.ts';
import { hider } from './hider.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { Screen } from './screen.ts';
import { type SessionEnd, endFor, runSession } from './session.ts';
import { endRunningCommands } from './tools/run.ts';
import { openToolbox } from './tools/toolbox.ts';
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

async function work(signal: AbortSignal, screen: Screen): Promise<SessionEnd> {
  const door = openDoor(process.env, signal);
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
  const fuel = new FuelTeller(door, signal);
  const end = await runSession({
    frame,
    model: access.model,
    models: fuel.over(
      openModels(access, {
        onReadings: (readings) => {
          fuel.read(readings);
        },
      }),
    ),
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
  await fuel.settled();
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
  let hungUp = false;
  for (const [name, exitCode] of Object.entries(stopSignals)) {
    process.on(name, () => {
      // One closed terminal hangs up twice: its system tells everybody in it, and the shim passes on what it was told.
      if (name === 'SIGHUP' && hungUp) return;
      hungUp ||= name === 'SIGHUP';
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
