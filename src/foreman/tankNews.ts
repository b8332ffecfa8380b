import type { TankNews } from '../town/fuel.ts';
import type { AskId, BeadId, Token } from '../town/ids.ts';
import { totalUsage } from '../town/bead.ts';
import { raisedLimit } from '../town/budget.ts';
import { type Doing, type Exit, type Seat, type Session, isKeptOut } from '../town/polecat.ts';
import type { RigState, TownEvent } from '../town/state.ts';

/** What happened between two states of a rig, as far as its accounts are concerned. */
export interface Happened {
  readonly rig: string;
  readonly before: RigState;
  readonly after: RigState;
  readonly event: TownEvent;
  /** How often a session's model answered so far. */
  readonly requests: number;
}

type Account = Pick<Extract<TankNews, { kind: 'answered' }>, 'tank' | 'provider' | 'model'>;

/** What a person's account is to be told of an event of a rig. Said twice, it counts once. */
export function tankNews(happened: Happened): readonly TankNews[] {
  const { event, before, after } = happened;
  switch (event.type) {
    case 'bead.usage':
      return drew(happened, event.bead, event.token);
    case 'session.doing': {
      const session = after.polecats[event.polecat]?.session;
      const was = before.polecats[event.polecat]?.session?.doing;
      return session == null ? [] : doingNews(session, event.doing, was);
    }
    case 'session.ended': {
      const { session } = before.polecats[event.polecat] ?? {};
      return session ? endNews(session, event.exit) : [];
    }
    case 'ask.answered':
      return event.answer === 'allow' ? raisedBy(happened.rig, after, event.ask) : [];
    case 'bead.moved':
      return event.to === 'completed' || event.to === 'failed'
        ? finished(happened, event.bead, event.to)
        : [];
    default:
      return [];
  }
}

/** The worker told what its model said, if anybody listened; how it ended is known in any case. */
function endNews({ seat, openedAt: since }: Session, exit: Exit): readonly TankNews[] {
  const { tank, provider } = seat;
  if (isKeptOut(seat, exit)) return [{ kind: 'refused', tank, provider, problem: 'auth', detail: '', since }];
  return exit.code === 0 ? [{ kind: 'answered', ...accountOf(seat) }] : [];
}

/** What a person raised; told again after a crash it changes nothing. */
export function raisedBefore(rig: string, state: RigState): readonly TankNews[] {
  return Object.values(state.asks).flatMap(({ id, answer }) =>
    answer === 'allow' ? raisedBy(rig, state, id) : [],
  );
}

function raisedBy(rig: string, { asks }: RigState, ask: AskId): readonly TankNews[] {
  const subject = asks[ask]?.subject;
  if (subject?.kind !== 'budget') return [];
  const { scope, of, day, unit } = subject;
  return [{ kind: 'raised', rig, scope, of, day, unit, limit: raisedLimit(subject) }];
}

function drew({ rig, after, requests }: Happened, bead: BeadId, token: Token): readonly TankNews[] {
  const { type, convoy, usage, polecat } = after.beads[bead] ?? {};
  const worker = polecat == null ? undefined : after.polecats[polecat];
  const used = usage?.[token];
  if (worker === undefined || type === undefined || used === undefined || worker.token !== token) return [];
  return [
    {
      kind: 'drew',
      ...{ rig, polecat: worker.id, token },
      ...accountOf(worker.session?.seat ?? worker.seat),
      ...{ bead, convoy: convoy ?? null, type },
      role: 'agent',
      usage: used,
      requests,
    },
  ];
}

function doingNews(
  { seat, openedAt: since }: Session,
  doing: Doing,
  was: Doing | undefined,
): readonly TankNews[] {
  const account = accountOf(seat);
  const { tank, provider } = account;
  if (doing.kind === 'limited')
    return [{ kind: 'limited', tank, provider, gauge: null, model: null, until: doing.until }];
  if (doing.kind === 'overloaded') return [{ kind: 'throttled', ...account }];
  if (doing.kind === 'login')
    return [{ kind: 'refused', tank, provider, problem: 'auth', detail: doing.detail ?? '', since }];
  // Whoever is at work again was let in again.
  return was?.kind === 'login' && doing.kind === 'working' ? [{ kind: 'mended', tank }] : [];
}

/** What a seat is good for at a type of work, learned from beads that ended there. */
function finished({ rig, after }: Happened, id: BeadId, to: 'completed' | 'failed'): readonly TankNews[] {
  const bead = after.beads[id];
  const worker = bead?.polecat == null ? undefined : after.polecats[bead.polecat];
  if (bead === undefined || worker === undefined || worker.token === 0) return [];
  const { input, output } = totalUsage(bead);
  const { provider, model } = worker.seat;
  const passed = to === 'completed';
  const once = `${rig} ${id} ${String(worker.token)}`;
  const estimated = bead.estimate === null ? {} : { estimate: bead.estimate };
  const tokens = input + output;
  const { type, trial } = bead;
  // Of an agent that says nothing of its tokens, only the wording's own would count.
  const isMeasured = passed && trial !== undefined && tokens >= 1;
  const measured = isMeasured ? { measured: { rig, bead: id, trial } } : {};
  return [{ kind: 'finished', once, type, provider, model, passed, tokens, ...estimated, ...measured }];
}

function accountOf({ tank, provider, model }: Seat): Account {
  return { tank, provider, model };
}
