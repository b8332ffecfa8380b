import assert from 'node:assert/strict';
import { reason } from '../../../src/town/reason.ts';
import type { Verdict } from '../../../src/town/verdict.ts';
import { beadText } from '../../../src/vscode/documents/beadText.ts';
import { noFuel } from '../../../src/town/fuel.ts';
import type { Savings } from '../../../src/town/savings.ts';
import { tanksTree } from '../../../src/vscode/trees/tanks.ts';
import { beadsTree } from '../../../src/vscode/trees/beads.ts';
import { needsYouTree } from '../../../src/vscode/trees/needsYou.ts';
import type { Children, Node } from '../../../src/vscode/trees/node.ts';
import { type View, rigViews } from '../../../src/vscode/trees/view.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { noBooks } from '../../fakes/noBooks.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { Scene, askId, commit } from '../../fakes/scene.ts';

const verdict: Verdict = {
  outcome: 'fail',
  criteria: [{ criterion: 'an empty text is refused', met: false, why: 'it is 0', file: 'a.ts', line: 3 }],
  notes: 'Refuse it.',
  provider: 'ollama',
  model: 'm',
  cut: [],
};

interface Held {
  readonly control: FakeControl;
  readonly scene: Scene;
  readonly view: View;
}

/** A bead that its inspector does not let pass. */
async function heldBack(): Promise<Held> {
  const control = new FakeControl();
  const town = new FakeTown().add('almanac', control);
  const scene = await new Scene(control).open();
  await scene.convoy('Durations', [{ title: 'Parse' }]);
  const [polecat] = await scene.start();
  assert.ok(polecat);
  const { id, token } = polecat;
  await scene.say({ type: 'claimDone', polecat: id, token, claim: 'c' });
  const inspected = { commit: commit('b'), verdict };
  const why = reason('inspector_fails', { provider: 'ollama', notes: 'Refuse it.' });
  await scene.say({ type: 'evidenceMissing', polecat: id, token, reason: why, ask: askId(1), inspected });
  const view: View = {
    rigs: town.rigs,
    t: plainEnglish,
    now: control.now,
    sentence: (one) => sentence(one, plainEnglish, control.now, 'UTC'),
    clock: (at) => new Date(at).toISOString(),
    agents: { runners: () => [], launchedMode: () => null },
  };
  return { control, scene, view };
}

const all = (children: Children): readonly Node[] =>
  children(100).nodes.flatMap((node) => [node, ...(node.children === undefined ? [] : all(node.children))]);

describe('what a person decides about', () => {
  it('shows as work that its inspector alone holds back, with the whole verdict', async () => {
    const { view } = await heldBack();
    const [need] = needsYouTree(view)(9).nodes;
    assert.equal(need?.kind, 'need.doubted');
    assert.doesNotMatch(need.description ?? '', /criteria met/);
    const about = need.facts?.().find(({ name }) => name === 'About')?.value ?? '';
    assert.match(about, /0 of 1 criteria met/);
    assert.match(about, /✗ an empty text is refused: it is 0 \(a\.ts:3\)/);
    const row = all(beadsTree(view)).find(({ kind }) => kind === 'bead.doubted');
    assert.equal(row?.label, 'Parse');
    const [rig] = rigViews(view);
    const [bead] = Object.values(rig?.state.beads ?? {});
    assert.ok(rig !== undefined && bead !== undefined);
    assert.match(
      beadText(rig, bead, noBooks),
      /## Inspection\n\nInspected by \w+ \(m\): 0 of 1.*\n[^]*a\.ts:3\)/,
    );
  });

  it('is no longer that once it was accepted, and its proof says who let it pass', async () => {
    const { control, scene, view } = await heldBack();
    const [bead] = Object.values(control.state.beads);
    assert.ok(bead);
    await scene.say({ type: 'acceptWork', bead: bead.id, commit: commit('b') });
    assert.equal(needsYouTree(view)(9).nodes.length, 0);
    assert.ok(all(beadsTree(view)).every(({ kind }) => kind !== 'bead.doubted'));
    const [rig] = rigViews(view);
    const accepted = control.state.beads[bead.id];
    assert.ok(rig !== undefined && accepted !== undefined);
    assert.match(beadText(rig, accepted, noBooks), /You let it pass all the same\./);
  });

  it('shows among the tanks what wording saves, no more surely than it was measured', async () => {
    const control = new FakeControl();
    const { view } = await heldBack();
    const rows = (savings?: Savings): readonly Node[] => {
      control.facts = {
        ...control.facts,
        fuel: { ...noFuel, ...(savings === undefined ? {} : { savings }) },
      };
      const town = new FakeTown().add('almanac', control);
      return tanksTree({ ...view, rigs: town.rigs }, [])(9).nodes;
    };
    assert.deepEqual(rows(), []);
    const [row] = rows({ worded: 40, control: 4, saving: null });
    assert.deepEqual([row?.label, row?.description], ['What wording tasks saves', 'too few beads yet']);
    assert.match(row?.spoken ?? '', /40 worded beads and 4 that stayed as they were/);
  });

  it('shows as a task that has other words', async () => {
    const control = new FakeControl();
    const town = new FakeTown().add('almanac', control);
    const scene = await new Scene(control).open();
    const [bead] = await scene.convoy('Durations', [{ title: 'Parse' }]);
    assert.ok(bead);
    const made = { provider: 'p', model: 'm', changes: [], dropped: [], accepted: null };
    control.happen({ type: 'bead.optimized', bead, optimized: { prompt: 'Parse it.', ...made }, at: 1 });
    const { view } = await heldBack();
    const rows = all(beadsTree({ ...view, rigs: town.rigs }));
    assert.equal(rows.find(({ label }) => label === 'Parse')?.kind, 'bead.worded');
  });
});
