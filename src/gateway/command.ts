import type { Speaker } from './verbs.ts';

/** A command line as it travels through the door. */
export interface CommandCall {
  /** UUID, drawn by the caller: said again under the same one, it is the same command. */
  readonly id: string;
  /** `rgt` maps the second seed's spellings. */
  readonly program: 'rigs' | 'rgt';
  readonly argv: readonly string[];
  /** Of verbs that read it; empty for the others. */
  readonly stdin: string;
  readonly cwd: string;
  /** Of the terminal; null: not a terminal, so no colours and nothing is cut. */
  readonly columns: number | null;
  readonly colours: boolean;
}

/** `out` goes to stdout when `exit` is 0, else to stderr; a line end follows it unless it is empty. */
export interface CommandResult {
  readonly exit: number;
  readonly out: string;
}

/** Runs a command where the rig's owner is; never rejects for what was asked. */
export type RunCommand = (speaker: Speaker, call: CommandCall, signal: AbortSignal) => Promise<CommandResult>;
