import type { Command } from '../command.ts';
import { mostTries } from '../unpushed.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

/** What came of pushing what landed. */
export function decidePush(
  draft: Draft,
  command: Extract<Command, { type: 'pushed' | 'notPushed' }>,
): Refusal | null {
  const { unpushed = null } = draft.state.queue;
  const { commit, at } = command;
  if (unpushed?.commit !== commit) return refused('late_report', { commit });
  if (command.type === 'pushed') {
    draft.emit({ type: 'queue.pushed', commit, at });
    return null;
  }
  const { reason: why } = command;
  const isNews = why === null || why.code !== unpushed.why?.code || unpushed.tries < mostTries;
  if (isNews) draft.emit({ type: 'queue.notPushed', commit, reason: why, at });
  return null;
}
