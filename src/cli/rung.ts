/** What carries a call to the door for `rigs.sh`. */
export interface Rung {
  readonly name: 'nc' | 'curl' | 'perl' | 'node';
  /** Absolute path of its program; empty for Node. */
  readonly tool: string;
  /** Split at spaces; of perl its text. */
  readonly flags: string;
}

/** Needs nothing of the machine. */
export const lastRung: Rung = { name: 'node', tool: '', flags: '' };
