import { openStages } from '../../town/mergeRequest.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { sentence } from '../../words/reasons.ts';
import type { Translate } from '../../words/translate.ts';
import { maxText } from '../messages/fields.ts';
import { type RigHead, rigLimit } from '../messages/queueBatch.ts';
import { drawnBatch } from './batchRows.ts';
import type { KeyedRig } from './rigs.ts';

/** Of each rig: whether its queue goes on, and what it proves. */
export function rigHeads(rigs: readonly KeyedRig[], translate: Translate): RigHead[] {
  return rigs.slice(0, rigLimit).map((keyed) => {
    const { state } = keyed.rig.control;
    return {
      rig: keyed.key,
      rigName: keyed.name,
      text: countText(state, translate),
      paused: pauseOf(state, translate),
      batch: drawnBatch(state, translate),
    };
  });
}

function countText({ requests }: RigState, translate: Translate): string {
  const count = Object.values(requests).filter(({ stage }) => openStages.includes(stage)).length;
  if (count === 0) return translate('Nothing waits to land');
  return count === 1 ? translate('1 waits to land') : translate('{count} wait to land', { count });
}

function pauseOf(state: RigState, translate: Translate): RigHead['paused'] {
  const { paused } = state.queue;
  if (paused === null) return null;
  const { reason, at } = paused;
  const why =
    reason === null
      ? translate('You paused it: nothing new is proven and nothing lands until you resume it.')
      : translate('It stopped itself. {why}', { why: sentence(reason, translate) });
  return { why: plain(why, maxText), byPerson: reason === null, since: at };
}
