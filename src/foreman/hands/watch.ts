import type { AgentSession, Sighting } from '../../ports/agents.ts';
import type { Caller } from '../../ports/desk.ts';
import type { BeadId, Instant } from '../../town/ids.ts';
import { type Polecat, type Session, builtIn } from '../../town/polecat.ts';
import { endTurn } from '../turnEnd.ts';
import { callerOf } from '../caller.ts';
import { isOver } from '../../system/isOver.ts';
import { slept } from '../slept.ts';
import type { HandContext } from './context.ts';
import { watchTouched } from './touched.ts';

const lookEveryMs = 2_000;

/** Follows an agent's own signals beside its process, and says to it what waits to be said, until aborted. Never rejects. */
export async function watchAgent(
  context: HandContext,
  polecat: Polecat,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const caller = { polecat: polecat.id, token: session.token };
  const kept = (run: () => Promise<void>): Promise<void> => keptUp(context, caller, run, signal);
  const speaking = kept(() => context.messages.attend(caller, signal));
  const touching = kept(() => watchTouched(context, caller, signal));
  if (session.seat.runner === builtIn) {
    await Promise.all([speaking, touching]);
    return;
  }
  const told = sessionOf(context, polecat, session);
  const see = (sighting: Sighting): void => {
    void context.sightings.see(caller, sighting).catch((error: unknown) => {
      sayFailed(context, caller, error);
    });
  };
  await Promise.all([
    speaking,
    touching,
    kept(async () => context.agents.watch(told, see, signal)),
    kept(() => listen(context, caller, signal)),
  ]);
  context.sightings.forget(caller);
}

const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

/** Begins again what failed, after a pause that grows, until it ends or is aborted. That it failed is said once. */
async function keptUp(
  context: HandContext,
  caller: Caller,
  run: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let nth = 0; !signal.aborted; nth += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (nth === 0 && !isOver(signal)) sayFailed(context, caller, error);
    }
    // It rejects when aborted, which ends the loop.
    await context.clock
      .sleep(Math.min(firstPauseMs * 2 ** nth, longestPauseMs), signal)
      .catch(() => undefined);
  }
}

/** What a vendor is told of a session it runs. */
export function sessionOf(
  { places, repository, state }: Pick<HandContext, 'places' | 'repository' | 'state'>,
  polecat: Polecat,
  session: Session,
): AgentSession {
  return {
    caller: { polecat: polecat.id, token: session.token },
    seat: session.seat,
    bead: polecat.bead,
    title: state().beads[polecat.bead]?.title ?? polecat.bead,
    worktree: polecat.worktree ?? repository.root,
    repository: repository.root,
    folder: places.agent(polecat.id),
    conversation: polecat.conversations[session.seat.runner] ?? null,
  };
}

/** What no signal tells: that there is none any more. On the observer's clock alone. */
async function listen(context: HandContext, caller: Caller, signal: AbortSignal): Promise<void> {
  const { clock, sightings } = context;
  const began = clock.now();
  let waited = began;
  let idleSince: Instant | null = null;
  while (await slept(clock, lookEveryMs, signal)) {
    const session = context.state().polecats[caller.polecat]?.session;
    if (session?.token !== caller.token) continue;
    const now = clock.now();
    idleSince = session.doing.kind === 'idle' ? (idleSince ?? now) : null;
    if (waitsForPerson(context, caller)) waited = now;
    const alive = Math.max(sightings.lastAlive(caller) ?? began, waited);
    const isAtWork = session.doing.kind === 'working' || session.doing.kind === 'starting';
    if (isAtWork && now - alive >= context.settings().silentAfterMs) await saysNothing(context, caller);
    const isIdle = idleSince !== null && now - idleSince >= idleMs;
    // A reminder that did not reach it yet is not followed by another.
    if (isThrough(context, caller, now) || (isIdle && !context.messages.holdsReminder(caller.polecat))) {
      idleSince = null;
      await turnIsOver(context, caller);
    }
  }
}

/** Its hook tells when a turn ends; some have none, and one that failed may not be called. */
const idleMs = 60_000;
const lastWordsMs = 20_000;

/** Who waits for an answer gives no sign, however long it takes. */
function waitsForPerson(context: HandContext, { polecat, token }: Caller): boolean {
  return Object.values(context.state().asks).some(
    ({ answer, subject }) =>
      answer === null &&
      (subject.kind === 'question' || subject.kind === 'permission') &&
      subject.polecat === polecat &&
      subject.token === token,
  );
}

/** Its work was accepted a while ago and it is still there. */
function isThrough(context: HandContext, { polecat }: Caller, now: Instant): boolean {
  const { beads, polecats } = context.state();
  const bead = beads[polecats[polecat]?.bead ?? ('' as BeadId)];
  const isAccepted = bead?.status === 'merging' || bead?.status === 'contending';
  return isAccepted && now - bead.changedAt >= lastWordsMs;
}

async function saysNothing(context: HandContext, caller: Caller): Promise<void> {
  const doing = { kind: 'silent', until: null, detail: null } as const;
  await context.wish({ type: 'sawAgent', ...callerOf(caller), doing, ask: context.ids.ask() });
}

async function turnIsOver(context: HandContext, caller: Caller): Promise<void> {
  const message = await endTurn({ ...context, findings: context.messages.findings }, caller);
  if (message !== null) context.messages.remind(caller.polecat, message);
}

function sayFailed(context: HandContext, { polecat }: Caller, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  context.say({ what: 'hand.failed', level: 'warning', facts: { action: 'watch', message }, polecat });
}
