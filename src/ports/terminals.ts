import type { PolecatId, Token } from '../town/ids.ts';

/** A program in an integrated terminal of its own. Started as file + arguments, never through a shell. */
export interface TerminalSpec {
  readonly polecat: PolecatId;
  readonly token: Token;
  /** `rig/polecat · bead title`. */
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the editor's environment that the program must not see. */
  readonly without?: readonly string[];
  readonly provider: string;
  /** Of the seat: it decides icon and colour. */
  readonly runner?: string;
}

/** What the editor knows of a terminal's end; the truth about the process is in the spool. */
export type TerminalClosed = {
  readonly polecat: PolecatId;
  readonly token: Token;
  readonly byPerson: boolean;
};

export interface Terminals {
  /** Opens a terminal; resolves once its process exists. */
  open(spec: TerminalSpec): Promise<void>;
  /** Takes up terminals that outlived a reload: by process id, never by name. */
  adopt(polecat: PolecatId, token: Token, shimPid: number): Promise<boolean>;
  show(polecat: PolecatId): boolean;
  /**
   * Types a line and Enter as a person would. `busy`: a person may be typing there; `gone`: it has no terminal here.
   * That it was heard is told by its agent, not by this.
   */
  type(polecat: PolecatId, token: Token, text: string): Promise<'typed' | 'busy' | 'gone'>;
  /** Closes the terminal, which hangs its process up. */
  close(polecat: PolecatId, token: Token): Promise<void>;
  onClosed(listener: (closed: TerminalClosed) => void): { dispose(): void };
}
