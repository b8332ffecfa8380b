import type { AfterLanding } from './aftermath.ts';

/** More runs of the checks at once help no machine. */
export const mostQueueSlots = 8;

/**
 * How work lands: as a merge commit, as one commit, or as its own commits on top of the target; or by the forge, which is
 * given a pull request.
 */
export const refineryStyles = ['merge', 'squash', 'rebase', 'pullRequest'] as const;
export type RefineryStyle = (typeof refineryStyles)[number];

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
  /** What is done about a target that is red after something landed; absent: it is not looked at. */
  readonly afterLanding?: AfterLanding;
  /** Absent: work is merged here. */
  readonly style?: RefineryStyle;
}

export const defaultQueueSettings: QueueSettings = {
  slots: 2,
  everyCommitGreen: false,
  landFlaky: true,
  maxRounds: 3,
};
