import type { Reading } from '../town/tank.ts';
import type {
  AgentMode,
  AgentProgram,
  AgentSession,
  AgentTask,
  HookMeaning,
  Sighting,
} from '../ports/agents.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How an agent calls back. */
export interface RigsProgram {
  /** Folder with `rigs` (and its twins for other shells); stands first on every agent's PATH. */
  readonly bin: string;
  /**
   * File and arguments of a vendor hook; the event's name is appended. It reads the vendor's JSON from stdin and prints
   * what the vendor is to be told.
   */
  readonly hook: readonly string[];
  /** What the hook's program needs of the agent's environment; nothing when it is not given. */
  readonly hookEnv?: Readonly<Record<string, string>>;
  /** The MCP server on stdio. It needs `RIGS_HOME` and `RIGS_TOKEN` of the agent's environment as well. */
  readonly mcp: {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
}

/** What a person set for a vendor's command line. */
export interface VendorSettings {
  readonly enabled: boolean;
  /** Program name or path; empty: the vendor's own. */
  readonly command: string;
  /** Further arguments, as they stand. */
  readonly args: readonly string[];
  /** Empty: the program's own default. */
  readonly model: string;
  readonly mode: AgentMode;
}

export interface VendorStart {
  /** Resolved path of the program. */
  readonly program: string;
  readonly version: string | null;
  readonly settings: VendorSettings;
  readonly rigs: RigsProgram;
}

/** All that Rigs knows of one vendor's command line. */
export interface Vendor {
  /** Of the seat: `claude-code`, `codex`, `gemini-cli`. */
  readonly runner: string;
  readonly provider: string;
  /** As people know it. */
  readonly name: string;
  /** Where a person sets it, as `rigs.codex`; null: nowhere but in its own entry. */
  readonly section: string | null;
  /** What it is called on PATH. */
  readonly command: string;
  /** Command line that installs it, for a person to run; null: nobody knows. */
  readonly install: string | null;
  /** First and last version tried; see `test/harness/agents.ts` for what the tests run. */
  readonly tried: { readonly from: string; readonly to: string };
  /** Version in what `--version` prints. */
  readonly versionIn: (printed: string) => string | null;
  readonly quit: 'interrupt' | 'terminate';
  /** Whether one of its hooks can carry words to the model. */
  readonly hears: boolean;
  /** Whether these arguments have it act without asking, which only the mode `bypass` may, once confirmed. */
  readonly bypasses: (args: readonly string[]) => boolean;
  readonly start: (task: AgentTask, how: VendorStart) => Promise<AgentProgram>;
  /** Throws `HookError`. `body` is what the vendor wrote to the hook's stdin. */
  readonly hook: (event: string, body: string) => HookMeaning;
  readonly watch: (
    session: AgentSession,
    see: (sighting: Sighting) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /**
   * What its program says of its account's limits without drawing from it, started for that alone. Throws `ModelError`.
   * Absent: it says nothing that is not paid for.
   */
  readonly poll?: (program: string, env: Environment, signal: AbortSignal) => Promise<readonly Reading[]>;
}
