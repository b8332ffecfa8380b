import type { BeadId, CommitId, Instant, PolecatId, Token } from './ids.ts';
import type { Reason } from './reason.ts';
import type { Resolving, ResolvingStep } from './resolving.ts';

/** The runner of the agent that Rigs brings along. */
export const builtIn = 'worker';

/** Where a bead can run: runner × tank × model. */
export interface Seat {
  /** `worker` (the built-in agent) or the name of a command line. */
  readonly runner: string;
  readonly provider: string;
  readonly tank: string;
  readonly model: string;
}

/**
 * housing: its worktree is being made · ready: wants a session, waits for a slot · starting: a session is
 * open, its process not yet seen · working: the process runs · resting: nothing to do for it (its bead is
 * proven, queued to land, or waits for a person) · retired: its bead ended.
 */
export type PolecatState = 'housing' | 'ready' | 'starting' | 'working' | 'resting' | 'retired';

/** Why a session is opened; it decides what the agent is told. */
export type Purpose = 'begin' | 'resume' | 'revise' | 'remind';

/**
 * What an agent's own signals (vendor hooks, transcripts) say it does; never the look of its screen.
 * idle: its turn ended · limited: its account gives nothing until then · overloaded: its
 * vendor does, whatever the account has left · login, dialog: only a person can go on at
 * its terminal · silent: nothing was heard of it for long though it should be at work.
 */
export type DoingKind =
  | 'starting'
  | 'working'
  | 'permission'
  | 'question'
  | 'idle'
  | 'limited'
  | 'overloaded'
  | 'login'
  | 'dialog'
  | 'silent';

export interface Doing {
  readonly kind: DoingKind;
  /** Of `limited` and `overloaded`: when it may go on; null when the vendor did not say. */
  readonly until: Instant | null;
  /** In the vendor's words: the dialog, the limit, the failed call. */
  readonly detail: string | null;
}

export interface Session {
  readonly token: Token;
  readonly seat: Seat;
  readonly purpose: Purpose;
  /** What came back from review or landing, for `revise` and `remind`. */
  readonly feedback: Reason | null;
  readonly openedAt: Instant;
  readonly process: ProcessIdentity | null;
  readonly doing: Doing;
  /** It is to be brought to its end, and why; what comes after is in the polecat's `wants`. */
  readonly leaving: Reason | null;
}

/** The session that it is promised. */
export interface Wanted {
  readonly purpose: Purpose;
  readonly feedback: Reason | null;
  /** Rather with another vendor than before, where one has what it needs. */
  readonly other?: true;
}

/** An account that gives nothing before an instant. */
export interface Limit {
  readonly tank: string;
  readonly until: Instant;
  /** Not to this polecat; to others it may. */
  readonly alone?: true;
}

/** What an agent keeps for whoever goes on after it. */
export interface Note {
  readonly id: string;
  readonly kind: 'note' | 'checkpoint';
  readonly text: string;
  readonly at: Instant;
}

/** A process id is reused by the system; with its start time it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system reports it, in a form that only serves comparison. */
  readonly startTime: string;
}

/** How a process ended. `closed`: its terminal was closed by a person. `lost`: nobody saw it end. */
export interface Exit {
  readonly how: 'exited' | 'signalled' | 'closed' | 'lost' | 'not_started';
  readonly code: number | null;
  readonly signal: string | null;
}

/** How the built-in agent ends that its account does not let in (`worker/exitCodes.ts`). */
const keptOutExit = 77;

/** No key or none that is taken, or no credit: no fault of the agent's, and the same again if it went on at once. */
export function isKeptOut({ runner }: Pick<Seat, 'runner'>, { code }: Exit): boolean {
  return runner === builtIn && code === keptOutExit;
}

/** One worker: one bead, one worktree, one branch, one terminal, one seat at a time. */
export interface Polecat {
  readonly id: PolecatId;
  readonly name: string;
  readonly bead: BeadId;
  readonly branch: string;
  readonly state: PolecatState;
  readonly seat: Seat;
  /** Those of its sessions before this seat's, where they were others; absent: none. */
  readonly formerProviders?: readonly string[];
  /** Absolute path, known once it stands. */
  readonly worktree: string | null;
  readonly base: CommitId | null;
  readonly session: Session | null;
  /** The newest token it ever had. */
  readonly token: Token;
  readonly wants: Wanted | null;
  /** A person settles a conflict in its worktree; absent: none does. */
  readonly resolving?: Resolving;
  /** The account that its last session found empty, until its reset. */
  readonly limit: Limit | null;
  /** By runner: the vendor's own id of the session it had there, by which that vendor goes on. */
  readonly conversations: Readonly<Record<string, string>>;
  /** The newest last. */
  readonly notes: readonly Note[];
  /** The provider a person chose for its next session. */
  readonly chosen: string | null;
  readonly lastExit: Exit | null;
  /** The newest *done* that was taken, as its agent named it: said again, it is the same one. */
  readonly claim: string | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Its worktree went to the trash, or never stood. */
  readonly cleared: boolean;
}

export type PolecatEvent =
  | {
      readonly type: 'polecat.created';
      readonly polecat: PolecatId;
      readonly name: string;
      readonly bead: BeadId;
      readonly branch: string;
      readonly seat: Seat;
      readonly token: Token;
      readonly at: Instant;
    }
  | {
      readonly type: 'polecat.housed';
      readonly polecat: PolecatId;
      readonly worktree: string;
      readonly base: CommitId;
      readonly at: Instant;
    }
  | {
      readonly type: 'polecat.wants';
      readonly polecat: PolecatId;
      readonly purpose: Purpose;
      readonly feedback: Reason | null;
      readonly other?: true;
      readonly at: Instant;
    }
  | {
      readonly type: 'polecat.resolving';
      readonly polecat: PolecatId;
      readonly step: ResolvingStep | 'over';
      readonly resolving: Resolving | null;
      readonly reason: Reason | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'polecat.chosen';
      readonly polecat: PolecatId;
      readonly provider: string;
      /** For a conflict that its agent could not settle; absent: a person said so, or its account is empty. */
      readonly conflict?: true;
      readonly at: Instant;
    }
  | { readonly type: 'polecat.noted'; readonly polecat: PolecatId; readonly note: Note; readonly at: Instant }
  | { readonly type: 'polecat.unnoted'; readonly polecat: PolecatId; readonly at: Instant }
  | {
      readonly type: 'session.doing';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly doing: Doing;
      readonly at: Instant;
    }
  | {
      readonly type: 'session.conversation';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly runner: string;
      /** Null: not to be gone on with. */
      readonly conversation: string | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'session.leaving';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly reason: Reason;
      readonly at: Instant;
    }
  | { readonly type: 'polecat.rested'; readonly polecat: PolecatId; readonly at: Instant }
  | {
      readonly type: 'session.opened';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly seat: Seat;
      readonly purpose: Purpose;
      readonly feedback: Reason | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'session.started';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly process: ProcessIdentity;
      readonly at: Instant;
    }
  | {
      readonly type: 'session.ended';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly exit: Exit;
      readonly at: Instant;
    }
  | {
      readonly type: 'session.claimed';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly claim: string;
      readonly at: Instant;
    }
  | { readonly type: 'polecat.retired'; readonly polecat: PolecatId; readonly at: Instant }
  | { readonly type: 'polecat.cleared'; readonly polecat: PolecatId; readonly at: Instant };

function doingNow(session: Session, doing: Doing): Partial<Polecat> {
  const { kind, until } = doing;
  if ((kind !== 'limited' && kind !== 'overloaded') || until === null)
    return { session: { ...session, doing } };
  const alone = kind === 'overloaded' ? { alone: true as const } : {};
  return { session: { ...session, doing }, limit: { tank: session.seat.tank, until, ...alone } };
}

function talkedIn(
  before: Polecat['conversations'],
  runner: string,
  conversation: string | null,
): Polecat['conversations'] {
  const rest = Object.entries(before).filter(([one]) => one !== runner);
  return Object.fromEntries(conversation === null ? rest : [...rest, [runner, conversation]]);
}

/** A hand-over document that says more is not read. */
const keptNotes = 20;

export type Polecats = Readonly<Record<PolecatId, Polecat>>;

export function foldPolecat(polecats: Polecats, event: PolecatEvent): Polecats {
  if (event.type === 'polecat.created') {
    return { ...polecats, [event.polecat]: newPolecat(event) };
  }
  const polecat = polecats[event.polecat];
  if (polecat === undefined) return polecats;
  if (event.type === 'polecat.resolving') {
    const { resolving: _before, ...plain } = polecat;
    const now = event.resolving === null ? {} : { resolving: event.resolving };
    return { ...polecats, [event.polecat]: { ...plain, ...now } };
  }
  return { ...polecats, [event.polecat]: { ...polecat, ...changes(polecat, event), changedAt: event.at } };
}

function newPolecat(event: Extract<PolecatEvent, { type: 'polecat.created' }>): Polecat {
  return {
    id: event.polecat,
    name: event.name,
    bead: event.bead,
    branch: event.branch,
    state: 'housing',
    seat: event.seat,
    worktree: null,
    base: null,
    session: null,
    token: event.token,
    wants: { purpose: 'begin', feedback: null },
    limit: null,
    conversations: {},
    notes: [],
    chosen: null,
    lastExit: null,
    claim: null,
    createdAt: event.at,
    changedAt: event.at,
    cleared: false,
  };
}

/** Nothing as long as it stays with one. */
function formerly(
  { seat, formerProviders = [] }: Polecat,
  provider: string,
): Pick<Polecat, 'formerProviders'> {
  if (seat.provider === provider || formerProviders.includes(seat.provider)) return {};
  return { formerProviders: [...formerProviders, seat.provider] };
}

function changes(
  polecat: Polecat,
  event: Exclude<PolecatEvent, { type: 'polecat.created' | 'polecat.resolving' }>,
): Partial<Polecat> {
  switch (event.type) {
    case 'polecat.housed':
      return { worktree: event.worktree, base: event.base, state: 'ready' };
    case 'polecat.wants':
      // While a session still runs down or the worktree is being made, the next session is only noted.
      return {
        wants: {
          ...{ purpose: event.purpose, feedback: event.feedback },
          ...(event.other === undefined ? {} : { other: event.other }),
        },
        state: polecat.session === null && polecat.state !== 'housing' ? 'ready' : polecat.state,
      };
    case 'polecat.rested':
      return { wants: null, state: polecat.session === null ? 'resting' : polecat.state };
    case 'session.opened': {
      const { token, seat, purpose, feedback, at } = event;
      const doing: Doing = { kind: 'starting', until: null, detail: null };
      const session = { token, seat, purpose, feedback, openedAt: at, process: null, doing, leaving: null };
      const limit = polecat.limit?.tank === seat.tank ? null : polecat.limit;
      const state = 'starting';
      return { session, seat, token, wants: null, limit, state, ...formerly(polecat, seat.provider) };
    }
    case 'session.started':
      return polecat.session === null
        ? {}
        : { session: { ...polecat.session, process: event.process }, state: 'working' };
    case 'session.claimed':
      return { claim: event.claim };
    case 'session.doing':
      return polecat.session === null ? {} : doingNow(polecat.session, event.doing);
    case 'session.leaving':
      return polecat.session === null ? {} : { session: { ...polecat.session, leaving: event.reason } };
    case 'session.conversation':
      return { conversations: talkedIn(polecat.conversations, event.runner, event.conversation) };
    case 'polecat.chosen':
      return { chosen: event.provider };
    case 'polecat.noted':
      return { notes: [...polecat.notes, event.note].slice(-keptNotes) };
    case 'polecat.unnoted':
      return { notes: polecat.notes.filter((one) => one.kind !== 'checkpoint') };
    case 'session.ended':
      return { session: null, lastExit: event.exit, state: polecat.wants === null ? 'resting' : 'ready' };
    case 'polecat.retired':
      return { state: 'retired', wants: null };
    case 'polecat.cleared':
      return { cleared: true };
  }
}

/** States that take one of the rig's `maxPolecats` places. */
export function takesSlot(polecat: Polecat): boolean {
  return polecat.state === 'housing' || polecat.state === 'starting' || polecat.state === 'working';
}

/** The field's own names for workers; a rig with more than these at once numbers them. */
const names = [
  'nux',
  'slit',
  'ace',
  'morsov',
  'toast',
  'capable',
  'dag',
  'cheedo',
  'furiosa',
  'valkyrie',
  'keeper',
  'rictus',
];

/** First name no polecat of the rig bears that has not been cleared away. */
export function freeName(polecats: Polecats): string {
  const taken = new Set(
    Object.values(polecats)
      .filter((one) => !one.cleared)
      .map((one) => one.name),
  );
  for (let round = 0; ; round += 1) {
    for (const name of names) {
      const candidate = name + 'x'.repeat(round);
      if (!taken.has(candidate)) return candidate;
    }
  }
}
