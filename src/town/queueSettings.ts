/** More runs of the checks at once help no machine. */
export const mostQueueSlots = 8;

/** How a rig's queue proves and lands, as its person set it. */
export interface QueueSettings {
  /** Runs of the checks at once. */
  readonly slots: number;
  /** Each commit that lands is tested, not only the last of a batch. */
  readonly everyCommitGreen: boolean;
  /** What failed and passed on one tree may land. */
  readonly landFlaky: boolean;
  /** How often a bead goes back to its agent by itself before a person is asked. */
  readonly maxRounds: number;
}

export const defaultQueueSettings: QueueSettings = {
  slots: 2,
  everyCommitGreen: false,
  landFlaky: true,
  maxRounds: 3,
};
