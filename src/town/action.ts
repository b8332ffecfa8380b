import { aftermathOf } from './redTarget.ts';
import { isOpen } from './bead.ts';
import type { BeadId, CommitId, Instant, PolecatId, RequestId, Token } from './ids.ts';
import type { ResolvingStep } from './resolving.ts';
import type { Polecat } from './polecat.ts';
import { isHeld } from './offer.ts';
import type { RigState } from './state.ts';
import { isHeldUp } from './unpushed.ts';

/**
 * What the state says should be under way outside. Plain, idempotent, fenced by token; the foreman starts
 * what is not already running, and the outcome comes back as a command. Because actions follow from the
 * durable state, what a crash interrupted is simply due again.
 */
export type Action =
  | { readonly type: 'house'; readonly polecat: PolecatId; readonly token: Token }
  | { readonly type: 'launch'; readonly polecat: PolecatId; readonly token: Token }
  | { readonly type: 'attend'; readonly polecat: PolecatId; readonly token: Token }
  | { readonly type: 'endSession'; readonly polecat: PolecatId; readonly token: Token }
  | { readonly type: 'proveDone'; readonly bead: BeadId; readonly polecat: PolecatId; readonly token: Token }
  | { readonly type: 'optimize'; readonly bead: BeadId }
  | { readonly type: 'clear'; readonly polecat: PolecatId }
  | { readonly type: 'resolve'; readonly polecat: PolecatId; readonly step: Exclude<ResolvingStep, 'open'> }
  | { readonly type: 'assemble'; readonly batch: number }
  | { readonly type: 'proveTip'; readonly batch: number; readonly length: number; readonly rerun: number }
  | { readonly type: 'land'; readonly batch: number; readonly length: number }
  | { readonly type: 'push'; readonly commit: CommitId }
  | { readonly type: 'offer'; readonly request: RequestId }
  /** `asked`: when a person last had it looked at at once. */
  | { readonly type: 'watchOffers'; readonly asked: Instant | null }
  /** `look`: the instant by which it is named. */
  | { readonly type: 'checkTarget'; readonly look: Instant }
  | { readonly type: 'revertLanding'; readonly landing: RequestId }
  | { readonly type: 'trace'; readonly request: RequestId; readonly length: number };

/** One key per thing that may run at most once at a time. */
export function actionKey(action: Action): string {
  switch (action.type) {
    case 'house':
    case 'launch':
    case 'attend':
    case 'endSession':
    case 'proveDone':
      return `${action.type} ${action.polecat} ${String(action.token)}`;
    case 'optimize':
      return `optimize ${action.bead}`;
    case 'clear':
      return `clear ${action.polecat}`;
    case 'resolve':
      return `resolve ${action.polecat} ${action.step}`;
    case 'assemble':
      return `assemble ${String(action.batch)}`;
    case 'proveTip':
      return `proveTip ${String(action.batch)} ${String(action.length)} ${String(action.rerun)}`;
    case 'land':
      return `land ${String(action.batch)} ${String(action.length)}`;
    case 'push':
      return `push ${action.commit}`;
    case 'offer':
      return `offer ${action.request}`;
    case 'watchOffers':
      return `watchOffers ${String(action.asked ?? 'never')}`;
    case 'checkTarget':
      return `checkTarget ${String(action.look)}`;
    case 'revertLanding':
      return `revertLanding ${action.landing}`;
    case 'trace':
      return `trace ${action.request} ${String(action.length)}`;
  }
}

export function due(state: RigState): readonly Action[] {
  return [
    ...Object.values(state.polecats).flatMap((one) => dueForPolecat(state, one)),
    ...dueForQueue(state),
    ...dueForRemote(state),
    ...dueForForge(state),
    ...dueForTarget(state),
    ...dueForBeads(state),
  ];
}

/** Where nothing may start, nothing is worded for it either. */
function dueForBeads({ beads, convoys, rig, stopped }: RigState): readonly Action[] {
  if (stopped || rig?.parked !== false) return [];
  return Object.values(beads)
    .filter((one) => one.status === 'optimizing')
    .filter(({ convoy }) => convoy === null || convoys[convoy]?.held !== true)
    .map(({ id }) => ({ type: 'optimize', bead: id }));
}

function dueForPolecat(state: RigState, polecat: Polecat): readonly Action[] {
  const { id, token } = polecat;
  const bead = state.beads[polecat.bead];
  const actions: Action[] = [];
  if (polecat.state === 'retired' && !polecat.cleared) actions.push({ type: 'clear', polecat: id });
  if (polecat.state === 'housing' && !state.stopped) actions.push({ type: 'house', polecat: id, token });
  if (polecat.session !== null) {
    const mustEnd =
      polecat.session.leaving !== null || state.stopped || bead === undefined || !isOpen(bead.status);
    const unseen = polecat.state === 'starting' && !mustEnd;
    actions.push({ type: unseen ? 'launch' : 'attend', polecat: id, token });
    if (mustEnd) actions.push({ type: 'endSession', polecat: id, token });
  }
  if (bead?.status === 'reviewing' && bead.polecat === id && !state.stopped) {
    actions.push({ type: 'proveDone', bead: bead.id, polecat: id, token });
  }
  const step = polecat.resolving?.step ?? 'open';
  const isHere = polecat.state !== 'retired' && bead !== undefined && isOpen(bead.status);
  if (step !== 'open' && isHere && !state.stopped) actions.push({ type: 'resolve', polecat: id, step });
  return actions;
}

function dueForRemote(state: RigState): readonly Action[] {
  const { unpushed = null } = state.queue;
  if (state.stopped || unpushed === null || isHeldUp(unpushed)) return [];
  return [{ type: 'push', commit: unpushed.commit }];
}

/** What is with the forge is looked at as long as anything is. */
function dueForForge(state: RigState): readonly Action[] {
  if (state.stopped) return [];
  const offered = Object.values(state.requests).flatMap(({ id, stage, offer }) =>
    stage === 'offered' && offer !== undefined ? [{ id, offer }] : [],
  );
  // What is there already is looked at in a pause too: people merge it when they like.
  const isPaused = state.queue.paused !== null;
  const opening = offered.filter(({ offer }) => !isPaused && !offer.opened && !isHeld(offer));
  const isWatched = offered.some(({ offer }) => offer.opened);
  return [
    ...opening.map(({ id }): Action => ({ type: 'offer', request: id })),
    ...(isWatched ? [{ type: 'watchOffers', asked: state.queue.asked ?? null } as const] : []),
  ];
}

/** While a batch is proven, its runs come first. */
function dueForTarget(state: RigState): readonly Action[] {
  const { look, reverting } = aftermathOf(state);
  if (state.stopped) return [];
  const isIdle = state.queue.batch === null;
  return [
    ...(look !== null && isIdle ? [{ type: 'checkTarget', look: look.at } as const] : []),
    ...(reverting !== null ? [{ type: 'revertLanding', landing: reverting } as const] : []),
  ];
}

function dueForQueue(state: RigState): readonly Action[] {
  const { batch, traces = [] } = state.queue;
  if (state.stopped) return [];
  if (batch === null)
    return traces.flatMap(({ request, running: length }): readonly Action[] =>
      length === null ? [] : [{ type: 'trace', request, length }],
    );
  const { id, chain, landing, running, doubts } = batch;
  if (chain === null) return [{ type: 'assemble', batch: id }];
  return [
    ...running.map((length): Action => ({
      type: 'proveTip',
      batch: id,
      length,
      rerun: doubts[length]?.times ?? 0,
    })),
    ...(landing === null ? [] : [{ type: 'land', batch: id, length: landing } as const]),
  ];
}
