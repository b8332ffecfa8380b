import { deepEqual, equal } from 'node:assert/strict';
import { type RequestStage } from '../../../src/town/mergeRequest.ts';
import { reason } from '../../../src/town/reason.ts';
import type { RigState } from '../../../src/town/state.ts';
import type { QueueShown } from '../../../src/vscode/messages/queue.ts';
import { queueMessage } from '../../../src/vscode/panels/queueRows.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { beadMoved, beadIdOf } from '../../fakes/events.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { commit, morning, passed, rigWith } from './examples.ts';
import { fold } from '../../../src/town/state.ts';

function message(...states: readonly RigState[]): QueueShown {
  const rigs = states.map((state, index) => ({
    key: String(index).padStart(12, '0'),
    name: `rig ${index}`,
    rig: {
      kind: 'open' as const,
      name: `rig ${index}`,
      folder: '/r',
      control: new FakeControl('/r/.git', '/state', state),
      elsewhere: false,
      mend: null,
    },
  }));
  return queueMessage(rigs, [], plainEnglish, morning + 1000);
}

const stages = (queue: QueueShown): readonly string[] => queue.requests.map((row) => row.stage);
const actionsOf = (stage: RequestStage): readonly string[] =>
  message(rigWith({ number: 1, stage })).requests[0]?.actions ?? [];

describe('The rows of the merge queue', () => {
  it('puts what waits for a person first, then what is nearest to landing, then the line', () => {
    const state = rigWith(
      { number: 1, stage: 'queued' },
      { number: 2, stage: 'conflict' },
      { number: 3, stage: 'proving' },
      { number: 4, stage: 'ready' },
      { number: 5, stage: 'queued', createdAt: morning - 1 },
    );
    deepEqual(stages(message(state)), ['ready', 'proving', 'queued', 'queued', 'conflict']);
    deepEqual(
      message(state).requests.map((row) => row.title),
      ['Title 4', 'Title 3', 'Title 5', 'Title 1', 'Title 2'],
    );
  });

  it('says what became of the conflicts of a bead, the oldest first', () => {
    const files = reason('landing_conflict', { target: 'main', files: ['a.ts'] });
    const settled = { by: ['memory' as const], files: ['b.ts'], lessons: ['l'], commit: commit('c') };
    const bead = beadIdOf(1);
    const state = rigWith(
      { number: 1, stage: 'conflict', handed: 'agent', reason: files },
      { number: 2, stage: 'queued', bead, settled },
    );
    const row = message(state).requests.find(({ stage }) => stage === 'queued');
    deepEqual(row?.ladder, [
      'mr-00001: the conflict in a.ts went back to its agent.',
      'mr-00002: the conflict in b.ts was settled as it was settled before.',
    ]);
    equal(message(rigWith({ number: 3, stage: 'queued' })).requests[0]?.ladder, undefined);
  });

  it('keeps the line in the order in which it is proven: what was put first, and what somebody said yes to', () => {
    const state = rigWith(
      { number: 1, stage: 'queued' },
      { number: 2, stage: 'queued', approval: 'person' },
      { number: 3, stage: 'approved', approval: 'person', front: morning },
    );
    deepEqual(
      message(state).requests.map((row) => row.title),
      ['Title 3', 'Title 2', 'Title 1'],
    );
  });

  it('offers approval only where a proven commit waits for it, and no ejection of what is landing', () => {
    deepEqual(actionsOf('ready'), ['approve', 'land', 'diff', 'retry', 'eject']);
    deepEqual(actionsOf('queued'), ['land', 'diff', 'front', 'eject']);
    deepEqual(actionsOf('approved'), ['diff', 'front', 'eject']);
    deepEqual(actionsOf('proving'), ['diff', 'eject']);
    deepEqual(actionsOf('landing'), ['diff']);
  });

  it('has the pull request of what the forge merges, and says who moves it on', () => {
    const url = 'https://forge.example/pull/1';
    const offer = { target: 'main', since: 1, opened: true, pushed: commit('a'), url, tries: 0, why: null };
    const shown = message(rigWith({ number: 1, stage: 'offered', approval: 'person', offer })).requests[0];
    deepEqual([shown?.stageText, shown?.pullRequest], ['pull request', url]);
    deepEqual(shown?.actions, ['pull', 'diff', 'retry', 'eject']);
    const closed = { ...offer, url: null, why: reason('offer_login') };
    const stuck = rigWith({ number: 1, stage: 'offered', approval: 'person', offer: closed });
    deepEqual(message(stuck).requests[0]?.actions, ['diff', 'retry', 'eject']);
  });

  it('offers a yes to a whole convoy where more than one of it waits', () => {
    const state = rigWith({ number: 1, stage: 'ready' }, { number: 2, stage: 'queued' });
    deepEqual(message(state).requests[0]?.actions, ['approve', 'land', 'diff', 'retry', 'eject']);
    const beads = Object.values(state.beads).map((bead) => [
      bead.id,
      { ...bead, convoy: 'cv-00001' as never },
    ]);
    const together = { ...state, beads: Object.fromEntries(beads) as RigState['beads'] };
    deepEqual(message(together).requests[0]?.actions, [
      'approve',
      'convoy',
      'land',
      'diff',
      'retry',
      'eject',
    ]);
  });

  it('offers retry for what came back only when nobody works on it', () => {
    const back = rigWith({ number: 1, stage: 'failed' });
    deepEqual(message(back).requests[0]?.actions, ['diff']);
    const given = fold(back, beadMoved(beadIdOf(1), 'failed'));
    deepEqual(message(given).requests[0]?.actions, ['diff', 'retry']);
  });

  it('shows the results of the checks with their outcome in words', () => {
    const checks = [passed, { ...passed, name: 'lint', outcome: 'timed_out' as const, outputFile: null }];
    const candidate = { commit: commit('b'), onto: commit('c'), checks, provenAt: morning };
    deepEqual(message(rigWith({ number: 1, stage: 'ready', candidate })).requests[0]?.checks, [
      { index: 0, name: 'test', outcome: 'passed', detail: 'passed, 1.2 s', hasOutput: true },
      {
        index: 1,
        name: 'lint',
        outcome: 'timed_out',
        detail: 'took too long and was ended, 1.2 s',
        hasOutput: false,
      },
    ]);
  });

  it('says of a skipped check that it was, and not how long it took', () => {
    const skipped = { ...passed, outcome: 'skipped' as const, durationMs: 0, outputFile: null };
    const candidate = { commit: commit('b'), onto: commit('c'), checks: [skipped], provenAt: morning };
    const [row] = message(rigWith({ number: 1, stage: 'ready', candidate })).requests;
    deepEqual(row?.checks, [
      {
        ...{ index: 0, name: 'test', outcome: 'skipped', hasOutput: false },
        detail: 'skipped: nothing it is for has changed',
      },
    ]);
  });

  it('names the check that sent a request back, with its output, and why in a sentence', () => {
    const facts = { name: 'test', exitCode: 2, output: 'outputs/mr/test.txt', target: 'main' };
    const [row] = message(
      rigWith({ number: 1, stage: 'failed', reason: reason('landing_check_failed', facts) }),
    ).requests;
    deepEqual(row?.checks, [
      { index: 0, name: 'test', outcome: 'failed', detail: 'failed with exit code 2', hasOutput: true },
    ]);
    equal(row.reason, 'On top of main, check test failed.');
  });

  it('forgets a request that came back as soon as its bead entered the queue again', () => {
    const state = rigWith({ number: 1, stage: 'conflict' }, { number: 2, stage: 'queued' });
    const [first, second] = Object.values(state.requests);
    if (first === undefined || second === undefined) throw new Error('two requests');
    const again = { ...state, requests: { [first.id]: first, [second.id]: { ...second, bead: first.bead } } };
    deepEqual(stages(message(again)), ['queued']);
  });

  it('keeps the last twenty landings of all rigs, newest first, with a short commit', () => {
    const landed = (from: number): RigState =>
      rigWith(
        ...Array.from({ length: 15 }, (_, index) => ({
          number: from + index,
          stage: 'landed' as const,
          landed: commit('d'),
          changedAt: morning + from + index,
        })),
      );
    const queue = message(landed(0), landed(15));
    equal(queue.landed.length, 20);
    deepEqual([queue.landed[0]?.title, queue.landed[0]?.commit], ['Title 29', 'dddddddddd']);
    deepEqual([queue.requests, queue.severalRigs], [[], true]);
  });

  it('says how many requests it does not show', () => {
    const many = Array.from({ length: 230 }, (_, number) => ({ number, stage: 'queued' as const }));
    const queue = message(rigWith(...many));
    deepEqual([queue.requests.length, queue.hidden], [200, 30]);
  });
});
