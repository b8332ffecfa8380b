import { deepEqual, equal } from 'node:assert/strict';
import { flakyLabel, learnFlip } from '../../../src/town/flaky.ts';
import { emptyQueue } from '../../../src/town/queue.ts';
import type { RigState } from '../../../src/town/state.ts';
import type { QueueHistory } from '../../../src/vscode/messages/queueHistory.ts';
import { queueHistory } from '../../../src/vscode/panels/queueHistory.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { commit, morning, requestIdOf, rigWith } from './examples.ts';

const minute = 60_000;

function history(state: RigState): QueueHistory {
  const control = new FakeControl('/r/.git', '/state', state);
  const rig = { kind: 'open' as const, name: 'tidy', folder: '/r', control, elsewhere: false, mend: null };
  return queueHistory([{ key: '0'.repeat(12), name: 'tidy', rig }], plainEnglish, morning + minute);
}

const landed = { stage: 'landed' as const, landed: commit('d') };
const past = { landed: [requestIdOf(1), requestIdOf(2)], culprit: null, runs: 1, began: morning - minute };

describe('The history of the queue', () => {
  it('is empty before anything has landed', () => {
    deepEqual(history(rigWith({ number: 1 })), { days: [], figures: [], past: [], flaky: [] });
  });

  it('counts what landed on each day, also what only its batch remembers', () => {
    const state = rigWith(
      { number: 1, ...landed, changedAt: morning },
      { number: 3, ...landed, changedAt: morning - 26 * 60 * minute },
    );
    const queue = { ...emptyQueue, past: [{ id: 1, ...past, ended: morning }] };
    const { days } = history({ ...state, queue });
    equal(days.length, 14);
    deepEqual(
      days.slice(-2).map((day) => day.landed),
      [1, 2],
    );
  });

  it('says runs per landing, how long landing took and how many fail', () => {
    const state = rigWith(
      { number: 1, ...landed, createdAt: morning - 10 * minute, changedAt: morning },
      { number: 2, ...landed, createdAt: morning - 20 * minute, changedAt: morning },
    );
    const outcomes = { passed: 8, failed: 2 };
    const queue = { ...emptyQueue, outcomes, past: [{ id: 1, ...past, ended: morning }] };
    deepEqual(
      history({ ...state, queue }).figures.map(({ name, value }) => [name, value]),
      [
        ['Runs per landing', '0.50'],
        ['From done to landed', '15 min'],
        ['Failure rate', '21 %'],
      ],
    );
  });

  it('lists past batches, the newest first, with who was to blame', () => {
    const [other] = [
      { ...past, id: 2, landed: [], culprit: requestIdOf(5), runs: 2, ended: morning + minute },
    ];
    const state = rigWith({ number: 5, stage: 'failed' });
    const queue = { ...emptyQueue, past: [{ id: 1, ...past, ended: morning }, other] };
    const rows = history({ ...state, queue }).past;
    deepEqual(
      rows.map(({ text, culprit }) => [text, culprit?.title ?? null]),
      [
        ['none landed, mr-00005 failed, 2 runs in 2 min', 'Title 5'],
        ['2 landed, 1 run in 1 min', null],
      ],
    );
  });

  it('lists what is flaky, the last one first, with how often it was, and the bead that mends it', () => {
    const flaky = learnFlip(learnFlip({}, { check: 'lint', tests: [], tree: 't', at: morning - minute }), {
      check: 'test',
      tests: ['rounds'],
      tree: 't',
      at: morning,
    });
    const state = rigWith({ number: 1 });
    const [bead] = Object.values(state.beads);
    const label = flakyLabel({ check: 'test', test: 'rounds' });
    const beads = bead === undefined ? {} : { [bead.id]: { ...bead, labels: ['flaky', label] } };
    const rows = history({ ...state, beads, queue: { ...emptyQueue, flaky } }).flaky;
    deepEqual(
      rows.map(({ id, check, test, times, bead: mends }) => [id, check, test, times, mends]),
      [
        [label, 'test', 'rounds', 'failed and passed on the same files once', bead?.id],
        [
          flakyLabel({ check: 'lint', test: null }),
          'lint',
          null,
          'failed and passed on the same files once',
          null,
        ],
      ],
    );
  });
});
