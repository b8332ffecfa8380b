import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as v from 'valibot';
import { type FeedRow, feedPage, toFeed } from '../../../src/vscode/messages/feed.ts';
import { createFeedView } from '../../../src/vscode/panels/feedPanel.ts';
import { webviewKey } from '../../../src/vscode/panels/rigs.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import type { Gauge } from '../../../src/town/tank.ts';
import { drawn, told } from '../../../src/town/gauge.ts';
import { freshTank } from '../../../src/town/presets.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import { line, morning } from './examples.ts';
import { FakePanel } from './fakePanel.ts';

const rowsOf = (message: Readonly<Record<string, unknown>> | undefined): readonly FeedRow[] =>
  (message?.['rows'] ?? []) as readonly FeedRow[];

/** Which of the example lines a row shows; their wording is for words/ to choose. */
const numberOf = (row: FeedRow): string | undefined => /check (\d+)/.exec(row.text)?.[1];

function opened(...controls: readonly FakeControl[]): FakePanel {
  const panel = new FakePanel(...controls);
  panel.show(createFeedView);
  return panel;
}

describe('The feed panel', () => {
  it('says nothing before its page is ready, and then everything in one message the page accepts', async () => {
    const control = new FakeControl();
    control.remembered.push(line(1), line(2));
    const panel = opened(control);
    control.notice(line(3));
    deepEqual(panel.posted, []);
    await panel.say({ type: 'ready' });
    const [snapshot] = panel.posted;
    ok(v.is(toFeed, snapshot));
    deepEqual(rowsOf(snapshot).map(numberOf), ['1', '2', '3']);
  });

  it('tells a line once that was heard live and is remembered too', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    control.notice(line(1));
    control.remembered.push(line(1));
    await panel.say({ type: 'ready' });
    equal(rowsOf(panel.posted[0]).length, 1);
  });

  it('sends what is new in numbered additions, and a burst of lines in one of them', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    await panel.say({ type: 'ready' });
    for (let number = 0; number < 300; number += 1) control.notice(line(number));
    await panel.until(() => panel.ofType('rows').flatMap(rowsOf).length === 300);
    deepEqual(
      panel.posted.map(({ type, seq, rows }) => [type, seq, (rows as unknown[]).length]),
      [
        ['snapshot', 1, 0],
        ['rows', 2, 300],
      ],
    );
  });

  it('starts again with a snapshot when its page was hidden and comes back', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    await panel.say({ type: 'ready' });
    await panel.setVisible(false);
    control.notice(line(1));
    await panel.setVisible(true);
    await panel.say({ type: 'ready' });
    deepEqual(
      panel.posted.map(({ type }) => type),
      ['snapshot', 'snapshot'],
    );
    equal(rowsOf(panel.posted[1]).length, 1);
  });

  it('reads further back page by page until there is nothing older', async () => {
    const control = new FakeControl();
    control.remembered.push(...Array.from({ length: 500 }, (_, number) => line(number)));
    const panel = opened(control);
    await panel.say({ type: 'ready' });
    const first = rowsOf(panel.posted[0]);
    equal(first.length, feedPage);
    equal(panel.posted[0]?.['more'], true);
    await panel.say({ type: 'older', before: first[0]?.at });
    const second = rowsOf(panel.posted[1]);
    const known = new Set(first.map((row) => row.id));
    equal(second.filter((row) => !known.has(row.id)).length, feedPage);
    equal(panel.posted[1]?.['more'], true);
    await panel.say({ type: 'older', before: second[0]?.at });
    equal(panel.posted[2]?.['more'], false);
    deepEqual(rowsOf(panel.posted[2]).slice(0, 2).map(numberOf), ['0', '1']);
  });

  it('says which rig could not be read instead of showing an empty feed', async () => {
    const broken = new FakeControl('/b/.git');
    broken.feedProblem = new Error('EACCES: permission denied');
    const fine = new FakeControl('/f/.git');
    fine.remembered.push(line(1));
    const panel = opened(fine, broken);
    panel.rigs.push({ kind: 'closed', name: 'third', folder: '/t', problem: 'It is bare.', mend: null });
    await panel.say({ type: 'ready' });
    const notes = panel.posted[0]?.['notes'] as readonly string[];
    match(notes.join('\n'), /third is not open here: It is bare\.\n.*tidy-1 could not be read: EACCES/);
    equal(rowsOf(panel.posted[0]).length, 1);
    equal(panel.posted[0]?.['severalRigs'], true);
  });

  it('opens what a line is about with a command from its list', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    const [handle] = panel.rigs;
    const rig = handle === undefined ? '' : webviewKey(handle);
    await panel.say({ type: 'open', what: 'bead', rig, id: 'gt-0000a' });
    await panel.say({ type: 'open', what: 'polecat', rig, id: 'nux-1' });
    await panel.say({ type: 'open', what: 'request', rig, id: 'mr-0000b' });
    deepEqual(panel.ran, [
      { command: 'rigs.showBead', subject: { kind: 'bead', rig: '/r/.git', bead: 'gt-0000a' } },
      { command: 'rigs.showTerminal', subject: { kind: 'polecat', rig: '/r/.git', polecat: 'nux-1' } },
      { command: 'rigs.showDiff', subject: { kind: 'request', rig: '/r/.git', request: 'mr-0000b' } },
    ]);
  });

  it('runs nothing for a message that was not agreed on, and logs it without its content', async () => {
    const panel = opened(new FakeControl());
    const rig = 'a1b2c3d4e5f6';
    for (const message of [
      null,
      'ready',
      { type: 'run', command: 'workbench.action.terminal.sendSequence' },
      { type: 'open', what: 'bead', rig, id: 'gt-0000a', command: 'vscode.open' },
      { type: 'open', what: 'bead', rig, id: '../../etc/passwd' },
      { type: 'open', what: 'bead', rig: '/r/.git', id: 'gt-0000a' },
      { type: 'open', what: 'polecat', rig, id: `${'a'.repeat(1_000_000)}-1` },
      { type: 'older', before: Number.NaN },
    ])
      await panel.say(message);
    await panel.say({ type: 'open', what: 'bead', rig, id: 'gt-0000a' }); // agreed, but a rig nobody knows
    deepEqual(panel.ran, []);
    deepEqual(panel.posted, []);
    equal(panel.logged.length, 8);
    ok(panel.logged.every((entry) => entry.length < 400 && !entry.includes('passwd')));
  });

  it('follows a rig that opens later, and lets go of everything when it is closed', async () => {
    const first = new FakeControl('/a/.git');
    const later = new FakeControl('/b/.git');
    const panel = opened(first);
    await panel.say({ type: 'ready' });
    panel.rigs.push({
      kind: 'open',
      name: 'later',
      folder: '/b',
      control: later,
      elsewhere: false,
      mend: null,
    });
    await panel.townChanged();
    await panel.until(() => panel.ofType('snapshot').length === 2);
    later.notice(line(1));
    await panel.until(() => panel.ofType('rows').length === 1);
    await panel.dispose();
    equal(first.listeners + later.listeners + panel.listeners, 0);
  });

  it('reads nothing again when only something inside a rig changed', async () => {
    const panel = opened(new FakeControl());
    await panel.say({ type: 'ready' });
    await panel.townChanged();
    await new Promise((resolve) => setImmediate(resolve));
    equal(panel.posted.length, 1);
  });
});

describe('What the feed panel says of tanks', () => {
  const look = (control: FakeControl, left: number): void => {
    const told = drawn(gaugeTold(left), 0, morning);
    const tank = { ...freshTank('claude-code', null), gauges: { weekly: told } };
    control.look({ ...control.facts, fuel: { ...noFuel, tanks: { 'claude-code': tank } } });
  };
  const gaugeTold = (left: number): Gauge =>
    told(null, { ...weekly, used: 1 - left, source: 'statusLine' }, morning);
  const weekly = { gauge: 'weekly', model: null, capacity: null, resetsAt: null } as const;

  it('comes with the page’s first snapshot, and again when it changed', async () => {
    const control = new FakeControl();
    const panel = opened(control);
    look(control, 0.5);
    await panel.townChanged();
    deepEqual(panel.drawn, []);
    await panel.say({ type: 'ready' });
    equal(panel.drawn.length, 1);
    ok(v.is(toFeed, panel.drawn[0]));
    look(control, 0.25);
    await panel.townChanged();
    await panel.until(() => panel.drawn.length === 2);
    match(JSON.stringify(panel.drawn[1]), /25% left/);
  });

  it('is said once where nothing of it changes', async () => {
    const panel = opened(new FakeControl());
    await panel.say({ type: 'ready' });
    await panel.townChanged();
    await panel.say({ type: 'ready' });
    await panel.until(() => panel.drawn.length === 2);
    deepEqual(panel.drawn[0], panel.drawn[1]);
    await panel.dispose();
    equal(panel.listeners, 0);
  });
});
