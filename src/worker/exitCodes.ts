/**
 * Exit codes of the shim. How the agent ended is in the spool and with it in the town, which says so in its own words;
 * an editor that saw the agent's code would show a second, cryptic message. 64 and up as in sysexits(3), 126 and 127
 * as shells do.
 */
export const shimExit = {
  recorded: 0,
  usage: 64,
  alreadyStarted: 73,
  failed: 74,
  notRunnable: 126,
  notFound: 127,
} as const;

/** Exit codes of the built-in worker, by which the foreman decides what comes next. */
export const workerExit = {
  /** Ended its turn. */
  ended: 0,
  /** The door did not answer, or no longer knows this session. */
  noDoor: 69,
  /** The model is at a limit or not reachable: the same may work later. */
  tryLater: 75,
  /** The model's answers make no sense to us, or it refuses. */
  protocol: 65,
  /** No key, one that is not taken, or no credit: only a person can mend it. */
  auth: 77,
  hungUp: 129,
  interrupted: 130,
  quit: 131,
  terminated: 143,
} as const;

/** Exit codes of `thenDone`, beside those of the agent it runs. */
export const thenDoneExit = {
  /** The agent ended well and its done was not accepted: the foreman goes on from why (`notAccepted` in `town/state.ts`). */
  notAccepted: 76,
  /** What an agent's own 76 is told as, which says nothing of its done. */
  failed: 1,
} as const;
