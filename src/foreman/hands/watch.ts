import type { AgentSession } from '../../ports/agents.ts';
import type { Caller } from '../../ports/desk.ts';
import { type Polecat, type Session, builtIn } from '../../town/polecat.ts';
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

/** Who is at work and gives no sign for long is put before a person. On the observer's clock alone. */
async function listen(context: HandContext, caller: Caller, signal: AbortSignal): Promise<void> {
  const { clock, sightings, ids } = context;
  const began = clock.now();
  while (!signal.aborted) {
    await clock.sleep(lookEveryMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const session = context.state().polecats[caller.polecat]?.session;
    if (session?.token !== caller.token || session.doing.kind !== 'working') continue;
    const since = Math.max(sightings.lastAlive(caller) ?? began, began);
    const { silentAfterMs } = context.settings();
    if (clock.now() - since < silentAfterMs) continue;
    const doing = { kind: 'silent', until: null, detail: null } as const;
    await context.wish({ type: 'sawAgent', ...callerOf(caller), doing, ask: ids.ask() });
  }
}

function sayFailed(context: HandContext, { polecat }: Caller, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  context.say({ what: 'hand.failed', level: 'warning', facts: { action: 'watch', message }, polecat });
}
