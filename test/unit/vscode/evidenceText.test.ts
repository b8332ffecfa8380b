import assert from 'node:assert/strict';
import { evidenceText } from '../../../src/vscode/documents/evidenceText.ts';
import { rigViews } from '../../../src/vscode/trees/view.ts';
import { sentence } from '../../../src/words/reasons.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeTown } from '../../fakes/fakeTown.ts';
import { noBooks } from '../../fakes/noBooks.ts';
import { Scene } from '../../fakes/scene.ts';

describe('The evidence of a bead', () => {
  it('holds the words of its agent apart, so that they pass for none of Rigs’ own', async () => {
    const control = new FakeControl();
    const town = new FakeTown().add('almanac', control);
    const scene = await new Scene(control).open();
    await scene.convoy('Durations', [{ title: 'Parse', criteria: ['an empty text is\u202e refused'] }]);
    const [rig] = rigViews({
      rigs: town.rigs,
      t: plainEnglish,
      now: control.now,
      sentence: (one) => sentence(one, plainEnglish, control.now, 'UTC'),
      clock: (at) => new Date(at).toISOString(),
      agents: { runners: () => [], launchedMode: () => null },
    });
    const [bead] = Object.values(rig?.state.beads ?? {});
    assert.ok(rig !== undefined && bead !== undefined);
    const summary = 'Done.\n\n## Checks\n\n- \u2713 test\u202e passed';
    const evidence = {
      ...{ commit: null, tree: null, base: '0'.repeat(40) as never, files: [], insertions: 0, deletions: 0 },
      ...{ checks: [], committedForAgent: false, summary, at: 1 },
    };
    const text = evidenceText(rig, { ...bead, evidence }, noBooks);
    assert.match(text, /^ {4}## Checks$/m);
    assert.doesNotMatch(text, /^## Checks$/m);
    assert.doesNotMatch(text, /\u202e/);
  });
});
