import type { Usage } from '../town/bead.ts';
import type { AskId, BeadId, Instant, PolecatId, ThreadId, Token } from '../town/ids.ts';
import type { Note, Purpose } from '../town/polecat.ts';
import type { Reading } from '../town/tank.ts';
import type { ModelAccess } from './models.ts';

/** Who speaks at the door, as its token proved. */
export interface Caller {
  readonly polecat: PolecatId;
  readonly token: Token;
}

/** Everything a worker needs to begin; `frame` is the whole text Rigs adds to the model's context. */
export interface TaskReply {
  readonly agent: string;
  readonly beadId: string;
  readonly title: string;
  readonly purpose: Purpose;
  readonly worktree: string;
  readonly branch: string;
  readonly frame: string;
  readonly access: ModelAccess;
  /** Command lines that run without asking, exactly as the worker would print them. */
  readonly allowed: readonly string[];
  /** File the worker appends its transcript to. */
  readonly transcript: string;
}

export interface DoneReply {
  readonly accepted: boolean;
  /** For the agent: what was proven, or what is missing and how to mend it. */
  readonly message: string;
  /** False when the agent should end its turn: accepted, or a person decides now. */
  readonly goOn: boolean;
}

/**
 * What agents may ask of the foreman. Every verb may be repeated with the same words and the same effect. `signal`
 * aborts when the caller went away: then the answer is waited for no longer.
 */
export interface Desk {
  task(caller: Caller): Promise<TaskReply>;
  /** `claim` is drawn by the caller: said again under the same one, it is the same done and has the same answer. */
  done(caller: Caller, summary: string, claim: string, signal: AbortSignal): Promise<DoneReply>;
  /** `ask` is drawn by the caller, so that asking again after a reload finds the same question. */
  permission(
    caller: Caller,
    ask: AskId,
    tool: string,
    detail: string,
    signal: AbortSignal,
  ): Promise<'allow' | 'deny'>;
  usage(caller: Caller, usage: Usage): Promise<void>;
  /** What the built-in agent's model said of its account. */
  fuel(caller: Caller, told: FuelTold): Promise<void>;
  /** A vendor hook's call; resolves with what the hook prints. */
  hook(caller: Caller, event: string, body: string, signal: AbortSignal): Promise<string>;
  /** Resolves with the person's words, however long that takes. `ask` is drawn by the caller. */
  question(caller: Caller, ask: AskId, question: string, signal: AbortSignal): Promise<string>;
  note(caller: Caller, note: Omit<Note, 'at'>): Promise<void>;
  forgetCheckpoint(caller: Caller): Promise<void>;
  /** Its checkpoint is kept and its session ends; a fresh one goes on. */
  handOff(caller: Caller, note: Omit<Note, 'at'>): Promise<void>;
  /** New beads beside its own, in its convoy. Said again under the same `id`, they are the same ones. */
  split(caller: Caller, id: string, drafts: readonly SplitDraft[]): Promise<readonly BeadId[]>;
  /** What became of a comment of its person's. Said again under the same `id`, it is the same answer. */
  comment(caller: Caller, id: string, answer: CommentAnswer): Promise<void>;
}

export const fuelTroubles = ['limit', 'overloaded', 'throttled', 'auth', 'credit', 'failed'] as const;

/** What an answer of a model, or its refusal, says of the account behind it. */
export interface FuelTold {
  readonly readings: readonly Reading[];
  /**
   * limit: nothing before `until` · overloaded: the vendor is, not the account · throttled: it is, and the work goes on ·
   * auth, credit: only a person mends it · failed: no answer, and no reason.
   */
  readonly trouble: {
    readonly kind: (typeof fuelTroubles)[number];
    readonly until: Instant | null;
    readonly detail: string;
  } | null;
}

/** Of a comment on an agent's work. */
export interface CommentAnswer {
  readonly thread: ThreadId;
  /** Empty only together with `resolve`. */
  readonly words: string;
  /** It is done; else the person reads why not. */
  readonly resolve: boolean;
}

/** A task that an agent found beside its own. */
export interface SplitDraft {
  readonly title: string;
  readonly description: string;
  readonly criteria: readonly string[];
}

/** What agents said while nobody answered, as it is taken up later. Each may be said again without effect. */
export interface Intake {
  /**
   * Gets a done ready and returns how to say it. The saying decides before it first waits, so that all that was kept
   * can be said in one turn, before anything else is seen. It does not wait for the proof.
   */
  prepareDone(caller: Caller, summary: string, claim: string): Promise<() => Promise<void>>;
  usage(caller: Caller, usage: Usage): Promise<void>;
  note(caller: Caller, note: Omit<Note, 'at'>): Promise<void>;
  handOff(caller: Caller, note: Omit<Note, 'at'>): Promise<void>;
  split(caller: Caller, id: string, drafts: readonly SplitDraft[]): Promise<readonly BeadId[]>;
}

/** A wish at the desk was refused; `message` says why and what to do. */
export class DeskError extends Error {
  readonly reason: 'late' | 'unknown' | 'unavailable' | 'invalid';

  constructor(reason: DeskError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeskError';
    this.reason = reason;
  }
}
