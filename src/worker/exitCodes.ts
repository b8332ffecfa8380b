/** Exit codes of the shim itself; otherwise it ends with its child's. 64 and up as in sysexits(3). */
export const shimExit = { usage: 64, failed: 74, alreadyStarted: 73 } as const;

/** Exit codes of the built-in worker, by which the foreman decides what comes next. */
export const workerExit = {
  /** Ended its turn. */
  ended: 0,
  /** The door did not answer, or no longer knows this session. */
  noDoor: 69,
  /** The model is at a limit or not reachable: the same may work later. */
  tryLater: 75,
  /** The model's answers make no sense to us, or it refuses. */
  protocol: 76,
  /** No key, or one that is not taken. */
  auth: 77,
  hungUp: 129,
  interrupted: 130,
  quit: 131,
  terminated: 143,
} as const;
