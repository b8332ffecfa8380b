import type { Translate } from '../../words/translate.ts';
import type { QueueWords } from '../messages/queue.ts';
import type { RequestResult } from './requestResults.ts';

/** The check that runs on it right now. */
export function stepText(step: string, translate: Translate): string {
  return translate('running {check}', { check: step });
}

/** Outcome of a check and how long it took, where that is known. */
export function checkDetail({ outcome, exitCode, durationMs }: RequestResult, translate: Translate): string {
  const said = outcomeText(outcome, exitCode, translate);
  return durationMs === null || outcome === 'skipped'
    ? said
    : translate('{outcome}, {duration} s', { outcome: said, duration: (durationMs / 1000).toFixed(1) });
}

function outcomeText(
  outcome: RequestResult['outcome'],
  exitCode: number | null,
  translate: Translate,
): string {
  switch (outcome) {
    case 'passed':
      return translate('passed');
    case 'failed':
      return exitCode === null
        ? translate('failed')
        : translate('failed with exit code {code}', { code: exitCode });
    case 'timed_out':
      return translate('took too long and was ended');
    case 'not_runnable':
      return translate('could not be started');
    case 'skipped':
      return translate('skipped: nothing it is for has changed');
  }
}

export function queueWords(translate: Translate): QueueWords {
  return {
    table: translate('Merge requests'),
    columns: {
      stage: translate('Stage'),
      rig: translate('Rig'),
      bead: translate('Bead'),
      checks: translate('Checks'),
      why: translate('Why'),
      actions: translate('Actions'),
    },
    actions: {
      approve: translate('Approve'),
      diff: translate('Diff'),
      retry: translate('Retry'),
      eject: translate('Eject'),
    },
    hints: {
      approve: translate('Let exactly this tested commit land'),
      diff: translate('Show what would change'),
      retry: translate('Prove it again, or let its agent go on'),
      eject: translate('Take it out of the queue; its work is kept'),
    },
    output: translate('Show the output of {check}: {outcome}'),
    since: translate('since {time}'),
    landed: translate('Landed'),
    landedEmpty: translate('Nothing has landed yet.'),
    empty: translate(
      'The queue is empty. A request appears here when an agent reports its bead done and the evidence holds.',
    ),
    hidden: translate('{count} more requests are in line and not shown.'),
    loading: translate('Reading the queue…'),
  };
}
