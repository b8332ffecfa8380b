import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as v from 'valibot';
import { toQueue } from '../../../src/vscode/messages/queue.ts';
import { createQueueView } from '../../../src/vscode/panels/queuePanel.ts';
import { webviewKey } from '../../../src/vscode/panels/rigs.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { commit, requestIdOf, rigWith } from './examples.ts';
import { FakePanel } from './fakePanel.ts';

function opened(...controls: readonly FakeControl[]): FakePanel {
  const panel = new FakePanel(...controls);
  panel.show(createQueueView);
  return panel;
}

const keyOf = ({ rigs: [handle] }: FakePanel): string => (handle === undefined ? '' : webviewKey(handle));

describe('The merge queue panel', () => {
  it('sends the complete queue when its page is ready, and again after every change', async () => {
    const control = new FakeControl('/r/.git', '/state', rigWith({ number: 1 }));
    const panel = opened(control);
    await panel.townChanged();
    deepEqual(panel.posted, []);
    await panel.say({ type: 'ready' });
    await panel.until(() => panel.posted.length === 2);
    ok(panel.posted.every((message) => v.is(toQueue, message)));
    control.happen({ type: 'queue.paused', reason: null, at: 5 });
    await panel.townChanged();
    await panel.until(() => panel.ofType('queue').length === 2);
    match(JSON.stringify(panel.ofType('queue')[1]), /"paused":\{"why":"You paused it/);
  });

  it('sends many changes in a row once, and the newest state of them', async () => {
    const control = new FakeControl('/r/.git', '/state', rigWith({ number: 1 }));
    const panel = opened(control);
    await panel.say({ type: 'ready' });
    await panel.until(() => panel.ofType('queue').length === 1);
    for (let number = 0; number < 200; number += 1) {
      control.happen({
        type: 'request.moved',
        request: requestIdOf(1),
        to: 'queued',
        reason: null,
        at: number,
      });
      await panel.townChanged();
    }
    await panel.until(() => JSON.stringify(panel.ofType('queue').at(-1)).includes('"since":199'));
    equal(panel.ofType('queue').length, 2);
  });

  it('runs the command of each button, about exactly that request', async () => {
    const panel = opened(new FakeControl());
    const rig = keyOf(panel);
    for (const action of ['approve', 'land', 'diff', 'retry', 'front', 'eject'])
      await panel.say({ type: 'act', action, rig, request: 'mr-00001' });
    deepEqual(
      panel.ran.map(({ command }) => command),
      [
        'rigs.approveLanding',
        'rigs.landNow',
        'rigs.showDiff',
        'rigs.retryLanding',
        'rigs.moveToFront',
        'rigs.ejectFromQueue',
      ],
    );
    deepEqual(panel.ran[0]?.subject, { kind: 'request', rig: '/r/.git', request: 'mr-00001' });
  });

  it('pauses and resumes exactly the rig whose button was pressed', async () => {
    const panel = opened(new FakeControl());
    for (const to of ['pause', 'resume']) await panel.say({ type: 'turn', to, rig: keyOf(panel) });
    const subject = { kind: 'rig', rig: '/r/.git' };
    deepEqual(panel.ran, [
      { command: 'rigs.pauseQueue', subject },
      { command: 'rigs.resumeQueue', subject },
    ]);
  });

  it('forgets exactly the flaky test whose button was pressed', async () => {
    const panel = opened(new FakeControl());
    await panel.say({ type: 'forget', rig: keyOf(panel), flaky: 'flaky-0000000a' });
    deepEqual(panel.ran, [
      {
        command: 'rigs.forgetFlaky',
        subject: { kind: 'flaky', rig: '/r/.git', flaky: 'flaky-0000000a' },
      },
    ]);
  });

  it('retries the work of a bead whose request left the queue', async () => {
    const panel = opened(new FakeControl('/r/.git', '/state', rigWith({ number: 1, stage: 'ejected' })));
    await panel.say({ type: 'act', action: 'retry', rig: keyOf(panel), request: requestIdOf(1) });
    deepEqual(
      panel.ran.map(({ command }) => command),
      ['rigs.retryBead'],
    );
  });

  it('answers a button also when nothing changed, so that it can be pressed again', async () => {
    const panel = opened(new FakeControl());
    await panel.say({ type: 'ready' });
    await panel.until(() => panel.ofType('queue').length === 1);
    await panel.say({ type: 'act', action: 'eject', rig: keyOf(panel), request: 'mr-00001' });
    await panel.until(() => panel.ofType('queue').length === 2);
  });

  it('runs nothing for a message that was not agreed on', async () => {
    const panel = opened(new FakeControl());
    const rig = keyOf(panel);
    for (const message of [
      undefined,
      [],
      { type: 'act', action: 'push', rig, request: 'mr-00001' },
      { type: 'act', action: 'approve', rig, request: 'mr-00001', force: true },
      { type: 'act', action: 'approve', rig, request: 'gt-00001' },
      { type: 'follow', following: 1, source: { kind: 'check', rig, request: 'mr-00001', check: -1 } },
      { type: 'open', source: { kind: 'check', rig, request: 'mr-00001', check: '../x' } },
      { type: 'bead', rig, id: '__proto__' },
    ])
      await panel.say(message);
    deepEqual([panel.ran, panel.opened], [[], []]);
    equal(panel.logged.length, 8);
  });

  describe('with requests that may conflict', () => {
    const two = (): FakeControl =>
      new FakeControl(
        '/r/.git',
        '/state',
        rigWith({ number: 1, head: commit('a') }, { number: 2, head: commit('b') }),
      );
    const told = (panel: FakePanel): string => JSON.stringify(panel.ofType('conflicts').at(-1)?.['rigs']);

    it('tells once what will conflict, and asks again only when what is in line has changed', async () => {
      const control = two();
      const panel = opened(control);
      panel.onForesee = ([one, other]) =>
        Promise.resolve({
          target: commit('c'),
          conflicts:
            one === undefined || other === undefined
              ? []
              : [{ one: other, other: one, files: ['a\u202e.ts'] }],
        });
      await panel.townChanged();
      deepEqual(panel.foreseen, []);
      await panel.say({ type: 'ready' });
      await panel.until(() => panel.ofType('conflicts').length === 1);
      match(told(panel), /"conflicts":\[\{"one":1,"other":0,"files":\["a\.ts"\],"moreFiles":0\}\]/);
      control.happen({ type: 'queue.paused', reason: null, at: 5 });
      await panel.townChanged();
      await panel.until(() => panel.ofType('queue').length === 2);
      panel.now += 24 * 3_600_000;
      await panel.townChanged();
      await panel.until(() => panel.ofType('queue').length === 3);
      equal(panel.foreseen.length, 1);
      control.happen({ type: 'request.moved', request: requestIdOf(1), to: 'ejected', reason: null, at: 6 });
      await panel.townChanged();
      await panel.until(() => panel.ofType('conflicts').length === 2);
      deepEqual(panel.foreseen[1], [commit('b')]);
      ok(panel.posted.every((message) => v.is(toQueue, message)));
    });

    it('asks nothing while nobody looks', async () => {
      const control = two();
      const panel = opened(control);
      await panel.say({ type: 'ready' });
      await panel.until(() => panel.ofType('conflicts').length === 1);
      await panel.setVisible(false);
      control.happen({ type: 'request.moved', request: requestIdOf(1), to: 'ejected', reason: null, at: 6 });
      await panel.townChanged();
      await panel.setVisible(true);
      await panel.say({ type: 'ready' });
      await panel.until(() => panel.ofType('conflicts').length === 2);
      deepEqual(panel.foreseen, [[commit('a'), commit('b')], [commit('b')]]);
    });

    it('says when it could not be told, instead of showing no conflict', async () => {
      const panel = opened(two());
      panel.onForesee = () => Promise.reject(new Error('git is gone'));
      await panel.say({ type: 'ready' });
      await panel.until(() => panel.ofType('conflicts').length === 1);
      match(told(panel), /"problem":"What conflicts could not be told: git is gone"/);
    });
  });

  it('says which repositories are not open, and why', async () => {
    const panel = opened(new FakeControl());
    panel.rigs.push({ kind: 'closed', name: 'other', folder: '/o', problem: 'Git is missing.', mend: null });
    await panel.say({ type: 'ready' });
    await panel.until(() => panel.ofType('queue').length === 1);
    deepEqual(panel.ofType('queue')[0]?.['notes'], ['other is not open here: Git is missing.']);
  });

  it('lets go of everything when it is closed', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    await panel.say({ type: 'ready' });
    await panel.dispose();
    equal(control.listeners + panel.listeners, 0);
  });
});
