import type { Usage } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import type { Doing, Purpose, Seat } from '../town/polecat.ts';
import type { Reading } from '../town/tank.ts';
import type { AssayerRole } from './apis.ts';
import type { Caller } from './desk.ts';
import type { ModelAccess, ModelErrorReason } from './models.ts';

/** How a seat's program is started inside the shim. */
export interface AgentProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the editor's environment that the program must not see. */
  readonly without?: readonly string[];
}

/** One session of an agent, as whoever starts or watches its program needs it. */
export interface AgentSession {
  readonly caller: Caller;
  readonly seat: Seat;
  readonly bead: BeadId;
  readonly title: string;
  readonly worktree: string;
  /** Root of the repository the worktree belongs to. */
  readonly repository: string;
  /** This polecat's own, mode 0700, outside the repository: vendor configuration, captured signals. */
  readonly folder: string;
  /** The vendor's own id of the session to go on with; null: begin a new one. */
  readonly conversation: string | null;
}

export interface AgentTask extends AgentSession {
  readonly purpose: Purpose;
  /** The whole text that Rigs adds to the agent's context; handed over in the spawn itself. */
  readonly prompt: string;
  /** What the terminal gives to the program: `RIGS_HOME`, `RIGS_TOKEN`, `GTR_*`, a PATH that finds `rigs`. */
  readonly env: Readonly<Record<string, string>>;
}

/** What was seen of an agent, by a vendor hook or in its files. */
export type Sighting =
  | { readonly kind: 'doing'; readonly doing: Doing }
  /** Something went on; it is not silent. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'conversation'; readonly id: string }
  /** Totals of the whole session. */
  | { readonly kind: 'usage'; readonly usage: Usage }
  /** A prompt reached it: what a person typed, or a message of Rigs. */
  | { readonly kind: 'heard'; readonly text: string }
  /** What was asked for in these words is decided, on its own screen perhaps. */
  | { readonly kind: 'settled'; readonly tool: string; readonly detail: string }
  /** What it said at the end of its turn; a hand-over quotes it. */
  | { readonly kind: 'said'; readonly text: string }
  /** What its vendor says of a limit of its account. */
  | { readonly kind: 'reading'; readonly reading: Reading }
  /** Its account takes nobody until a person mended it. */
  | { readonly kind: 'refused'; readonly problem: 'auth' | 'credit'; readonly detail: string }
  /** The vendor is overloaded, or wants fewer at once, and it waits that out: nothing of the person's is used up. */
  | { readonly kind: 'throttled' }
  /** Its model gave no answer, and nothing says whose fault that is. */
  | { readonly kind: 'failed'; readonly detail: string };

/** What a vendor hook waits to be told. */
export type HookQuestion =
  | {
      readonly kind: 'permission';
      /** `run` for a command line, which `detail` then is; else the vendor's tool. */
      readonly tool: string;
      /** Exactly what would be done, as a person reads it. */
      readonly detail: string;
      /** How long the vendor's own dialog may be hidden by the waiting hook; null: it stands beside it. */
      readonly hidesDialogMs: number | null;
    }
  /** Its turn is over; it may be told to go on. */
  | { readonly kind: 'turnEnd' }
  /** The answer may carry words to the model. */
  | { readonly kind: 'ear' };

export type HookAnswer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'allow' }
  | { readonly kind: 'deny'; readonly message: string }
  /** The vendor asks on its own screen. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'goOn'; readonly message: string }
  | { readonly kind: 'tell'; readonly message: string };

/** A vendor hook's call in Rigs' own words. */
export interface HookMeaning {
  readonly sightings: readonly Sighting[];
  readonly question: HookQuestion | null;
  /** What the hook prints, in the vendor's format. An answer that does not fit the question prints nothing. */
  print(answer: HookAnswer): string;
}

/** Whether an agent asks before it does something: `ask` always, `edits` not for files of its worktree, `bypass` never. */
export type AgentMode = 'ask' | 'edits' | 'bypass';

/** A runner as settings, keys and the machine have it now. */
export interface RunnerState {
  readonly runner: string;
  readonly provider: string;
  /** `Claude Code`, `Codex`, … */
  readonly name: string;
  readonly model: string;
  readonly mode: AgentMode | null;
  /** Resolved path and version of its program; null where none is needed or none was found. */
  readonly program: { readonly file: string; readonly version: string | null } | null;
  /** `older`, `newer`: than the versions Rigs was tried with. */
  readonly known: 'tried' | 'older' | 'newer' | 'unsaid';
  /** Why it has no seat; null when it has one. `install` is a command line for a person to run. */
  readonly problem:
    | { readonly kind: 'disabled' }
    | { readonly kind: 'no_key' }
    | { readonly kind: 'missing'; readonly command: string; readonly install: string | null }
    | { readonly kind: 'unusable'; readonly detail: string }
    | null;
}

/** An account that has a seat, and how it is asked for what costs nothing. */
export interface FreePoll {
  readonly tank: string;
  readonly provider: string;
  /** As `RunnerState.name`. */
  readonly name: string;
  /** What it says of its limits, which may be nothing. Throws `ModelError`. Null: it tells nothing that is not paid for. */
  readonly ask: ((signal: AbortSignal) => Promise<readonly Reading[]>) | null;
  /** Whoever gets an answer has been let in, even one that says nothing of limits. */
  readonly admits: boolean;
}

/** What came of a free poll. silent: it is not asked, because it tells nothing that is not paid for. */
export type Polled = Pick<FreePoll, 'tank' | 'provider' | 'name'> &
  (
    | { readonly kind: 'told'; readonly readings: readonly Reading[]; readonly admits: boolean }
    | { readonly kind: 'failed'; readonly reason: ModelErrorReason; readonly detail: string }
    | { readonly kind: 'silent' }
  );

/** What a model of the assayer is asked for. */
export interface AssayerUse {
  /** Provider whose work is judged: another vendor's model goes before its own. Null: nobody's. */
  readonly author: string | null;
  /** No person asked for the call: only a model that costs nothing, or of the backend they chose. */
  readonly unasked: boolean;
}

/** What Rigs can run work with, asked anew at each tick: settings, keys and installed programs change. */
export interface Agents {
  /** Seats in configured order that could take work on this rig now. */
  seats(): Promise<readonly Seat[]>;
  /** Every runner, also those without a seat, with why. `fresh`: look at the machine again. */
  runners(fresh?: boolean): Promise<readonly RunnerState[]>;
  /** Every account that has a seat now; none is asked by this alone. */
  polls(): Promise<readonly FreePoll[]>;
  /** Writes what the program needs to be told, and says how it is started. */
  start(task: AgentTask): Promise<AgentProgram>;
  /** Reads a vendor hook's call. Throws `HookError` for what is none. */
  hook(seat: Seat, event: string, body: string): HookMeaning;
  /** Reads the vendor's own files until aborted; never rejects for what they hold. */
  watch(session: AgentSession, see: (sighting: Sighting) => void, signal: AbortSignal): Promise<void>;
  /** How its program is asked to end: `terminate` (SIGTERM) or as Ctrl+C does. */
  quit(seat: Seat): 'interrupt' | 'terminate';
  /** Whether its hooks carry words to the model; else they are typed. */
  hears(seat: Seat): boolean;
  /** Access for the built-in worker; throws `ModelError` `auth` when there is no key. */
  access(seat: Seat): Promise<ModelAccess>;
  /** The only goals that can be planned here, as a rehearsal's script has them; empty when any can. */
  knownGoals(): Promise<readonly string[]>;
  /** The model for a role of the assayer (`assayer/roles.ts` chooses), or null when there is none: all goes on without. */
  assayer(role: AssayerRole, use?: AssayerUse): Promise<ModelAccess | null>;
}

/** A hook said something no version of its vendor is known to say. */
export class HookError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HookError';
  }
}
