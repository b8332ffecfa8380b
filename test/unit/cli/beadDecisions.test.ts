import assert from 'node:assert/strict';
import { reason } from '../../../src/town/reason.ts';
import type { Verdict } from '../../../src/town/verdict.ts';
import { askId, commit, requestId } from '../../fakes/scene.ts';
import { Bench, agentOf } from './fixtures.ts';

const verdict: Verdict = {
  outcome: 'fail',
  criteria: [{ criterion: 'an empty text is refused', met: false, why: 'it is 0', file: 'a.ts', line: 3 }],
  notes: '',
  provider: 'p',
  model: 'm',
  cut: [],
};

describe('What a person decides on the command line', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
  });

  async function heldBack(): Promise<string> {
    await bench.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await bench.scene.start();
    assert.ok(polecat);
    const { id, token, bead } = polecat;
    await bench.scene.say({ type: 'claimDone', polecat: id, token, claim: 'c' });
    await bench.scene.say({
      ...{ type: 'evidenceMissing', polecat: id, token, ask: askId(1) },
      ...{
        reason: reason('inspector_fails', { provider: 'p' }),
        inspected: { commit: commit('b'), verdict },
      },
    });
    return bead;
  }

  it('bead accept: lets work pass that its inspector holds back, the verdict before its eyes', async () => {
    const bead = await heldBack();
    const held =
      /Held back by its inspector alone\n.*\n {2}✗ an empty text is refused: it is 0 \(a\.ts:3\)\n {2}commit b+/;
    assert.match(await bench.ok(`bead show ${bead}`), held);
    const out = await bench.ok(`bead accept ${bead}`);
    assert.match(out, held);
    assert.match(out, /checks run once more/);
    assert.equal(bench.control.state.beads[bead as never]?.status, 'reviewing');
    assert.match(await bench.fails(1, `bead accept ${bead}`), /No inspector alone holds .* back/);
  });

  it('bead send-back: gives its agent the person’s own words, also out of the merge queue', async () => {
    const bead = await heldBack();
    const { exit, out } = await bench.run(['bead', 'send-back', bead, 'Say what 1h30 is.']);
    assert.equal(exit, 0, out);
    assert.equal(bench.control.state.beads[bead as never]?.reason?.facts['words'], 'Say what 1h30 is.');
    assert.match(await bench.fails(1, `bead send-back ${bead} Again`), /bead show/);
    await bench.scene.convoy('Dates', [{ title: 'Read' }]);
    const other = (await bench.scene.start()).find((one) => one.bead !== bead);
    assert.ok(other);
    await bench.scene.prove(other, requestId(1));
    await bench.ok(`bead send-back ${other.bead} Smaller`);
    assert.equal(bench.control.state.requests[requestId(1)]?.stage, 'ejected');
  });

  it('bead wording: shows both, and takes one of them', async () => {
    const [bead = ''] = await bench.scene.convoy('Durations', [
      { title: 'Parse', description: 'Please parse durations.' },
    ]);
    assert.match(await bench.fails(1, `bead wording ${bead}`), /stands as it was worded/);
    const optimized = {
      ...{ prompt: 'Parse durations.', changes: ['shorter'], dropped: [] },
      ...{ provider: 'p', model: 'm', accepted: null },
    };
    bench.control.happen({ type: 'bead.optimized', bead: bead as never, optimized, at: 1 });
    const out = await bench.ok(`bead wording ${bead}`);
    assert.match(out, /its agent gets these words\.\n\nAs you worded it\n {2}Please parse/);
    assert.match(out, /For its agent\n {2}Parse durations\./);
    assert.match(await bench.ok(`bead wording ${bead} --reject`), /went back to the original/);
    assert.match(await bench.ok(`bead wording ${bead} --accept`), /accepted these words/);
    assert.match(await bench.fails(2, `bead wording ${bead} --accept --reject`), /not both/);
    assert.deepEqual(await bench.json(`bead wording ${bead}`), { ...optimized, accepted: true });
  });

  it('is no agent’s to decide, least of all about its own work', async () => {
    const bead = await heldBack();
    const [polecat] = Object.values(bench.control.state.polecats);
    assert.ok(polecat);
    for (const words of [`bead accept ${bead}`, `bead send-back ${bead} x`, `bead wording ${bead} --accept`])
      assert.match(await bench.fails(1, words, agentOf(polecat)), /person’s to say/, words);
    assert.equal(bench.control.state.beads[bead as never]?.status, 'in_progress');
  });
});
