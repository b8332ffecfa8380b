import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { AgentProgram } from '../../ports/agents.ts';
import type { Caller } from '../../ports/desk.ts';
import type { SessionRecord } from '../../ports/processes.ts';
import type { TerminalSpec } from '../../ports/terminals.ts';
import { type Exit, type Polecat, type Session, builtIn } from '../../town/polecat.ts';
import { frameFor } from '../framing.ts';
import { callerOf } from '../caller.ts';
import type { HandContext } from './context.ts';
import { confirmPlace, releasePlace, reservePlace } from './places.ts';
import { sessionOf, watchAgent } from './watch.ts';

/** How long a terminal may take to bring its process up before the start counts as failed. */
const startPatienceMs = 30_000;
/** How long an agent may take to end by itself after an interrupt, and its terminal after being closed. */
const endPatienceMs = 5_000;
/** A process that is gone without an exit record gets this long for its shim to write one. */
const recordPatienceMs = 2_000;
const lookEveryMs = 1_000;

/** Starts a session's agent in a terminal of its own, or adopts what an earlier try started. */
export async function launch(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  const found = liveSession(context, action);
  if (found === null) return;
  const { polecat, session } = found;
  const before = await context.processes.record(action.polecat, action.token);
  // A claim is a start under way, by an earlier try of this very launch: it is waited for, never repeated.
  if (!before.claimed) {
    if (!(await reservePlace(context, session, polecat, signal))) return;
    if (session.purpose === 'revise' && polecat.worktree !== null)
      await ontoTarget(context, polecat, polecat.worktree);
    const terminal = await terminalOf(context, polecat, session);
    // The town was stopped or the bead called off meanwhile: from then on nothing starts.
    if (signal.aborted) return;
    await context.terminals.open(terminal);
  }
  const until = context.clock.now() + startPatienceMs;
  while (context.clock.now() < until) {
    const record = await context.processes.record(action.polecat, action.token);
    if (record.started !== null) {
      await confirmPlace(context, action, record.started.agent);
      await context.wish({ type: 'sessionStarted', ...callerOf(action), process: record.started.agent });
      return;
    }
    if (record.exited !== null) {
      await ended(context, action, exitOf(record.exited, false));
      return;
    }
    if (await shimDied(context, record)) {
      await ended(context, action, { how: 'lost', code: null, signal: null });
      return;
    }
    if (isForbidden(record)) return neverStarted(context, action);
    if (signal.aborted) return;
    await context.processes.changed(lookEveryMs, signal, action);
  }
  if (await context.processes.forbid(action.polecat, action.token)) await neverStarted(context, action);
}

/** Gone between its claim and its agent's start, a shim leaves nothing that could still begin. */
async function shimDied(context: HandContext, record: SessionRecord): Promise<boolean> {
  return record.shim !== null && !(await context.processes.isAlive(record.shim));
}

/** Forbidden by an earlier try that could not tell of it any more, it never starts. */
function isForbidden({ claimed, shim, started, exited }: SessionRecord): boolean {
  return claimed && shim === null && started === null && exited === null;
}

/** Watches a session until its exit is known. Runs as long as the session is open. */
export async function attend(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  const seen = { closedByPerson: false };
  const closed = context.terminals.onClosed((one) => {
    if (one.polecat === action.polecat && one.token === action.token && one.byPerson)
      seen.closedByPerson = true;
  });
  const over = new AbortController();
  const watching = watch(context, action, AbortSignal.any([signal, over.signal]));
  try {
    await adoptTerminal(context, action);
    let goneSince: number | null = null;
    while (!signal.aborted && liveSession(context, action) !== null) {
      const record = await context.processes.record(action.polecat, action.token);
      if (record.exited !== null) {
        await ended(context, action, exitOf(record.exited, seen.closedByPerson));
        return;
      }
      const agent = record.started?.agent ?? null;
      if (agent !== null && !(await context.processes.isAlive(agent))) {
        goneSince ??= context.clock.now();
        if (context.clock.now() - goneSince >= recordPatienceMs) {
          await ended(context, action, {
            how: seen.closedByPerson ? 'closed' : 'lost',
            code: null,
            signal: null,
          });
          return;
        }
      }
      await context.processes.changed(lookEveryMs, signal, action);
    }
  } finally {
    closed.dispose();
    over.abort();
    await watching;
  }
}

async function watch(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  const found = liveSession(context, action);
  if (found !== null) await watchAgent(context, found.polecat, found.session, signal);
}

/** Brings a session to its end: interrupt, close the terminal, kill; `attend` sees and reports the exit. */
export async function endSession(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  const record = await context.processes.record(action.polecat, action.token);
  if (record.started === null) {
    const never = isForbidden(record) || (await context.processes.forbid(action.polecat, action.token));
    if (never) await neverStarted(context, action);
    else if (record.exited === null && (await shimDied(context, record)))
      await ended(context, action, { how: 'lost', code: null, signal: null });
    else await context.processes.changed(lookEveryMs, signal, action);
    return;
  }
  const { agent } = record.started;
  const found = liveSession(context, action);
  if (found === null) return;
  await context.processes.signal(agent, context.agents.quit(found.session.seat));
  if (await goneWithin(context, action, endPatienceMs, signal)) return;
  await context.terminals.close(action.polecat, action.token);
  if (await goneWithin(context, action, endPatienceMs, signal)) return;
  await context.processes.signal(agent, 'kill');
  await goneWithin(context, action, endPatienceMs, signal);
}

async function goneWithin(
  context: HandContext,
  action: Caller,
  ms: number,
  signal: AbortSignal,
): Promise<boolean> {
  const until = context.clock.now() + ms;
  while (context.clock.now() < until && !signal.aborted) {
    if (liveSession(context, action) === null) return true;
    await context.processes.changed(lookEveryMs / 4, signal, action);
  }
  return signal.aborted || liveSession(context, action) === null;
}

async function terminalOf(context: HandContext, polecat: Polecat, session: Session): Promise<TerminalSpec> {
  const { rig, beads } = context.state();
  const rigName = rig?.name ?? '';
  const env = {
    GTR_AGENT: `${rigName}/polecats/${polecat.name}`,
    GTR_ROLE: 'polecat',
    GTR_RIG: rigName,
    GTR_ROOT: context.places.door,
    GTR_WORK_ITEM: polecat.bead,
    RIGS_HOME: context.places.door,
    RIGS_TOKEN: await context.tokens.issue({ polecat: polecat.id, token: session.token }),
    ...pathWith(context.bin),
  };
  const program = await programOf(context, polecat, session, env);
  const shimmed = context.processes.underShim(polecat.id, session.token, program.file, program.args);
  return {
    polecat: polecat.id,
    token: session.token,
    title: `${rigName}/${polecat.name} · ${beads[polecat.bead]?.title ?? polecat.bead}`,
    file: shimmed.file,
    args: shimmed.args,
    cwd: polecat.worktree ?? context.repository.root,
    provider: session.seat.provider,
    runner: session.seat.runner,
    env: { ...program.env, ...shimmed.env, ...env },
    ...(program.without === undefined ? {} : { without: program.without }),
  };
}

async function programOf(
  context: HandContext,
  polecat: Polecat,
  session: Session,
  env: Readonly<Record<string, string>>,
): Promise<AgentProgram> {
  const told = sessionOf(context, polecat, session);
  const bead = context.state().beads[polecat.bead];
  // The built-in agent asks for its task at the door.
  const vendors = session.seat.runner !== builtIn && bead !== undefined;
  const { git, repository, places } = context;
  const parts = { git, repository, places, control: { state: context.state() } };
  const prompt = vendors ? await frameFor(parts, bead, polecat, session) : '';
  if (vendors) await mkdir(told.folder, { recursive: true, mode: 0o700 });
  return context.agents.start({ ...told, purpose: session.purpose, prompt, env });
}

/** The variable as this system spells it. */
function pathWith(bin: string | null): Readonly<Record<string, string>> {
  if (bin === null) return {};
  const name = Object.keys(process.env).find((one) => one.toUpperCase() === 'PATH') ?? 'PATH';
  return { [name]: [bin, process.env[name] ?? ''].filter((one) => one !== '').join(path.delimiter) };
}

/** Work that came back from the queue goes on where the target is now, conflicts marked in the files. */
async function ontoTarget(context: HandContext, polecat: Polecat, worktree: string): Promise<void> {
  const { git, repository } = context;
  const target = context.state().rig?.target ?? '';
  if ((await git.tip(repository, target)) === null) return;
  const onto = await git.freshestBase(repository, target);
  const head = await git.head(worktree);
  if (await git.isAncestor(repository, onto, head.commit)) return;
  await git.reapply(repository, worktree, polecat.branch, onto);
}

async function adoptTerminal(context: HandContext, action: Caller): Promise<void> {
  const { started } = await context.processes.record(action.polecat, action.token);
  if (started !== null) await context.terminals.adopt(action.polecat, action.token, started.shimPid);
}

async function neverStarted(context: HandContext, action: Caller): Promise<void> {
  await ended(context, action, { how: 'not_started', code: null, signal: null });
}

async function ended(context: HandContext, action: Caller, exit: Exit): Promise<void> {
  await context.takeUpReports();
  await context.tokens.revoke(callerOf(action));
  await releasePlace(context, action);
  await context.wish({ type: 'sessionEnded', ...callerOf(action), exit, ask: context.ids.ask() });
}

function exitOf(
  exited: { readonly code: number | null; readonly signal: string | null },
  closedByPerson: boolean,
): Exit {
  if (closedByPerson) return { how: 'closed', ...exited };
  return { how: exited.signal === null ? 'exited' : 'signalled', ...exited };
}

function liveSession(context: HandContext, action: Caller): { polecat: Polecat; session: Session } | null {
  const polecat = context.state().polecats[action.polecat];
  const session = polecat?.session ?? null;
  return polecat !== undefined && session?.token === action.token ? { polecat, session } : null;
}
