import { deepEqual, equal } from 'node:assert/strict';
import type { RequestId } from '../../../src/town/ids.ts';
import type { Run } from '../../../src/town/queue.ts';
import { type RigState, fold } from '../../../src/town/state.ts';
import type { DrawnBatch } from '../../../src/vscode/messages/queueBatch.ts';
import { drawnBatch } from '../../../src/vscode/panels/batchRows.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { commit, morning, passed, requestIdOf, rigWith } from './examples.ts';

const minute = 60_000;
const line = [1, 2, 3, 4].map(requestIdOf);

/** Four in a batch that was merged and whose first run is under way. */
function proving(): RigState {
  const links = line.map((request: RequestId) => ({ request, commit: commit('b'), tree: 'b' }));
  const chain = { onto: commit('a'), base: commit('a'), baseTree: 'a', links, basis: 'tools' };
  const about = { batch: 1, at: morning };
  const state = rigWith(...[1, 2, 3, 4].map((number) => ({ number, stage: 'proving' as const })));
  const formed = { ...about, target: 'main', checks: null, line, lands: true };
  return [
    { type: 'batch.formed' as const, ...formed },
    { type: 'batch.assembled' as const, ...about, chain },
    { type: 'batch.running' as const, ...about, running: [4] },
  ].reduce(fold, state);
}

const green = (changes: Partial<Run> = {}): Run => ({
  ...{ outcome: 'green', checks: [{ ...passed, durationMs: minute }], known: false, at: morning + minute },
  ...changes,
});
const failed = { ...passed, outcome: 'failed' as const, exitCode: 2 };
const red: Run = green({ outcome: 'red', checks: [failed] });
const ran = (state: RigState, length: number, run: Run): RigState =>
  fold(state, { type: 'batch.ran', batch: 1, length, run, at: run.at });

function drawn(state: RigState): DrawnBatch {
  const found = drawnBatch(state, plainEnglish);
  if (found === null) throw new Error('there is a batch');
  return found;
}
const states = (state: RigState): readonly string[] => drawn(state).line.map((one) => one.state);
const texts = (state: RigState): readonly string[] => drawn(state).runs.map((one) => one.text);

/** Of an earlier batch, so that it is known how long a run takes. */
function withHistory(state: RigState, ms: number): RigState {
  const { queue } = state;
  const checks = [{ ...passed, durationMs: ms }];
  return { ...state, queue: { ...queue, proofs: [{ tree: 't', basis: '', checks, at: morning }] } };
}

describe('The batch under proof, as it is drawn', () => {
  it('is nothing when there is none', () => {
    equal(drawnBatch(rigWith({ number: 1 }), plainEnglish), null);
  });

  it('says what runs, on how many, and since when', () => {
    const step = { type: 'batch.step' as const, batch: 1, length: 4, step: 'test', at: morning };
    const batch = drawn(fold(proving(), step));
    deepEqual(
      [batch.text, batch.runs],
      [
        'Being proven on top of main',
        [
          {
            ...{ length: 4, state: 'running', text: 'The first 4: running test' },
            ...{ since: morning, endsAt: null, hasOutput: true },
          },
        ],
      ],
    );
    deepEqual(states(proving()), ['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('suspects all of a red run, narrows down to the culprit, and knows what landed', () => {
    const suspected = ran(proving(), 4, red);
    deepEqual(states(suspected), ['suspect', 'suspect', 'suspect', 'suspect']);
    const half = ran(suspected, 2, green({ at: morning + 2 * minute }));
    deepEqual(states(half), ['green', 'green', 'suspect', 'suspect']);
    const found = ran(half, 3, { ...red, at: morning + 3 * minute });
    deepEqual(states(found), ['green', 'green', 'red', 'unknown']);
    const landing = fold(found, { type: 'batch.landing', batch: 1, length: 2, at: morning });
    deepEqual(states(landing), ['landing', 'landing', 'red', 'unknown']);
    const landed = fold(landing, { type: 'batch.landed', batch: 1, length: 2, at: morning });
    deepEqual(states(landed), ['landed', 'landed', 'red', 'unknown']);
    deepEqual(texts(found), [
      'The first 4: red, test failed with exit code 2, 1.2 s',
      'The first 2: green',
      'The first 3: red, test failed with exit code 2, 1.2 s',
    ]);
  });

  it('tells a run of the target alone, and one that was not needed', () => {
    const state = ran(ran(proving(), 0, green()), 1, green({ known: true }));
    deepEqual(texts(state).slice(0, 2), [
      'The target alone: green',
      'The first: proven before on the same tree',
    ]);
  });

  it('says when a run should be over, by how long they took before; nothing where none did', () => {
    const state = withHistory(proving(), 5 * minute);
    deepEqual(
      [drawn(state).endsAt, drawn(state).runs[0]?.endsAt],
      [morning + 5 * minute, morning + 5 * minute],
    );
    equal(drawn(proving()).endsAt, null);
  });

  it('counts the rounds that looking for a culprit still takes', () => {
    const suspected = withHistory(ran(proving(), 4, red), minute);
    const search = { type: 'batch.running' as const, batch: 1, running: [2], at: morning + minute };
    // One of four with one run at a time: this round and another.
    equal(drawn(fold(suspected, search)).endsAt, morning + 3 * minute);
  });

  it('shows text of a bead and a check as one harmless line', () => {
    const step = {
      type: 'batch.step' as const,
      batch: 1,
      length: 4,
      step: 'te\u001b[31mst\u202e\n',
      at: morning,
    };
    deepEqual(texts(fold(proving(), step)), ['The first 4: running test']);
  });
});
