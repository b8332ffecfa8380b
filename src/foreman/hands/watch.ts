import type { AgentSession } from '../../ports/agents.ts';
import type { Caller } from '../../ports/desk.ts';
import type { BeadId, Instant } from '../../town/ids.ts';
import { type Polecat, type Session, builtIn } from '../../town/polecat.ts';
import { endTurn } from '../turnEnd.ts';
import { type HandContext, callerOf } from './context.ts';

const lookEveryMs = 2_000;

/** Follows an agent's own signals beside its process until aborted. Never rejects. */
export async function watchAgent(
  context: HandContext,
  polecat: Polecat,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  if (session.seat.runner === builtIn) return;
  const caller = { polecat: polecat.id, token: session.token };
  const told = sessionOf(context, polecat, session);
  const watching = context.agents.watch(
    told,
    (sighting) => {
      void context.sightings.see(caller, sighting).catch((error: unknown) => {
        sayFailed(context, caller, error);
      });
    },
    signal,
  );
  try {
    await Promise.all([watching, listen(context, caller, signal)]);
  } catch (error) {
    if (!signal.aborted) sayFailed(context, caller, error);
  } finally {
    context.sightings.forget(caller);
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
  let idleSince: Instant | null = null;
  const woke = (): Promise<boolean> =>
    clock.sleep(lookEveryMs, signal).then(
      () => true,
      () => false,
    );
  while (await woke()) {
    const session = context.state().polecats[caller.polecat]?.session;
    if (session?.token !== caller.token) continue;
    const now = clock.now();
    idleSince = session.doing.kind === 'idle' ? (idleSince ?? now) : null;
    const alive = Math.max(sightings.lastAlive(caller) ?? began, began);
    if (session.doing.kind === 'working' && now - alive >= context.settings().silentAfterMs)
      await saysNothing(context, caller);
    if (isThrough(context, caller, now) || (idleSince !== null && now - idleSince >= idleMs)) {
      idleSince = null;
      await turnIsOver(context, caller, signal);
    }
  }
}

/** Its hook tells when a turn ends; some have none, and one that failed may not be called. */
const idleMs = 60_000;
const lastWordsMs = 20_000;

/** Its work was accepted a while ago and it is still there. */
function isThrough(context: HandContext, { polecat }: Caller, now: Instant): boolean {
  const { beads, polecats } = context.state();
  const bead = beads[polecats[polecat]?.bead ?? ('' as BeadId)];
  return bead?.status === 'merging' && now - bead.changedAt >= lastWordsMs;
}

async function saysNothing(context: HandContext, caller: Caller): Promise<void> {
  const doing = { kind: 'silent', until: null, detail: null } as const;
  await context.wish({ type: 'sawAgent', ...callerOf(caller), doing, ask: context.ids.ask() });
}

async function turnIsOver(context: HandContext, caller: Caller, signal: AbortSignal): Promise<void> {
  const message = await endTurn(context, caller);
  if (message !== null) await context.messages.send(caller.polecat, message, signal);
}

function sayFailed(context: HandContext, { polecat }: Caller, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  context.say({ what: 'hand.failed', level: 'warning', facts: { action: 'watch', message }, polecat });
}
