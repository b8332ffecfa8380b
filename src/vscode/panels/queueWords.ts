import { whySkipped } from '../../words/skipped.ts';
import type { Translate } from '../../words/translate.ts';
import type { QueueWords } from '../messages/queue.ts';
import type { BatchWords } from '../messages/queueBatch.ts';
import type { ConflictWords } from '../messages/queueConflicts.ts';
import type { HistoryWords } from '../messages/queueHistory.ts';
import type { OutputWords } from '../messages/queueOutput.ts';
import type { RequestResult } from './requestResults.ts';

/** The check that runs on it right now. */
export function stepText(step: string, translate: Translate): string {
  return translate('running {check}', { check: step });
}

/** Outcome of a check and how long it took, where that is known. */
export function checkDetail(result: RequestResult, translate: Translate): string {
  const { durationMs, outcome } = result;
  const said = outcomeText(result, translate);
  return durationMs === null || outcome === 'skipped'
    ? said
    : translate('{outcome}, {duration} s', { outcome: said, duration: (durationMs / 1000).toFixed(1) });
}

function outcomeText(result: RequestResult, translate: Translate): string {
  const { outcome, exitCode } = result;
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
      return translate('skipped: {why}', { why: whySkipped(result, translate) });
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
      convoy: translate('Approve Convoy'),
      land: translate('Land Now'),
      pull: translate('Open Pull Request'),
      send: translate('Send Review'),
      diff: translate('Diff'),
      retry: translate('Retry'),
      front: translate('Move to Front'),
      eject: translate('Eject'),
    },
    hints: {
      approve: translate('Let it land as soon as it is proven on top of the target'),
      convoy: translate('Let all that waits of its convoy land as soon as it is proven'),
      land: translate('Let it land before all others, as soon as it is proven'),
      pull: translate('Show it where the forge has it, or open it there'),
      send: translate('Send your comments to its agent, all at once'),
      diff: translate('Show what would change'),
      retry: translate('Prove it again, or let its agent go on'),
      front: translate('Prove it before all others'),
      eject: translate('Take it out of the queue; its work is kept'),
    },
    checkOutput: translate('Show the output of {check}: {outcome}'),
    since: translate('since {time}'),
    landed: translate('Landed'),
    landedEmpty: translate('Nothing has landed yet.'),
    empty: translate(
      'The queue is empty. A request appears here when an agent reports its bead done and the evidence holds.',
    ),
    hidden: translate('{count} more requests are in line and not shown.'),
    loading: translate('Reading the queue…'),
    batch: batchWords(translate),
    output: outputWords(translate),
    conflicts: conflictWords(translate),
    history: historyWords(translate),
  };
}

function batchWords(translate: Translate): BatchWords {
  return {
    pause: translate('Pause'),
    pauseHint: translate('Prove nothing new and land nothing until it is resumed'),
    resume: translate('Resume'),
    resumeHint: translate('Let the queue prove and land again'),
    line: translate('The batch under proof, in the order in which it lands'),
    runs: translate('Runs of the checks'),
    alone: translate('target'),
    left: translate('about {count} min left'),
    leftShort: translate('less than a minute left'),
    runOutput: translate('Output'),
    output: translate('Show the output. {run}'),
  };
}

function outputWords(translate: Translate): OutputWords {
  return {
    title: translate('Output of {file}'),
    open: translate('Open in Editor'),
    close: translate('Close Output'),
    find: translate('Find in output'),
    next: translate('Next Match (Enter)'),
    previous: translate('Previous Match (Shift+Enter)'),
    found: translate('{number} of {count}'),
    foundMany: translate('{number} of more than {count}'),
    foundNone: translate('No results'),
    running: translate('still running'),
    ended: translate('ended'),
    gone: translate('There is no output, or it is gone.'),
    waiting: translate('Nothing was printed yet.'),
    skipped: translate('The beginning is not shown here. Open it in an editor to read all of it.'),
  };
}

function conflictWords(translate: Translate): ConflictWords {
  return {
    title: translate('Conflicts'),
    none: translate('none foreseen'),
    empty: translate(
      'Which open requests will conflict with each other or with their target is shown here before they are merged.',
    ),
    clean: translate('no conflict'),
    conflict: translate('{one} and {other} conflict in {files}'),
    moreFiles: translate('{files} and {count} more'),
    hidden: translate('{count} more requests are not compared.'),
    found: translate('{count} foreseen'),
  };
}

function historyWords(translate: Translate): HistoryWords {
  return {
    title: translate('History'),
    empty: translate(
      'How many requests land a day, how many runs of the checks it takes and how many fail is shown here once the first has landed.',
    ),
    days: translate('Landed per day, the last {count} days'),
    day: translate('{day}: {count} landed'),
    figures: translate('Figures'),
    past: translate('Past batches'),
    flaky: translate('Flaky tests: they failed and passed on the same files'),
    wholeCheck: translate('check {check}'),
    flakyAt: translate('last {time}'),
    forget: translate('Forget'),
    forgetHint: translate('No longer take it for flaky: its next failure counts as that of any other'),
  };
}
