import assert from 'node:assert/strict';
import type { RequestId } from '../../../src/town/ids.ts';
import { enterHere } from '../../../src/vscode/compose/enterHere.ts';
import type { EnteredHere, ToEnter } from '../../../src/vscode/town.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { RealRig } from '../cli/fixtures.ts';

describe('A branch that is added in a window that follows the rig', () => {
  let rig: RealRig;
  beforeEach(async () => {
    rig = await RealRig.make();
    await rig.openWindow();
  });
  afterEach(() => rig.remove());

  const enter = (wanted: ToEnter): Promise<EnteredHere> =>
    enterHere(rig.bench.control, null, wanted, plainEnglish);

  it('enters by the word of the owner’s own git, and is told by its request', async () => {
    const { git, control } = rig.bench;
    const main = (await git.tip(git.repository, 'main')) ?? assert.fail();
    await git.makeBranch(git.repository, 'mine', main.commit);
    const head = git.advance('mine', ['a.ts']);
    const entered = await enter({ branch: 'mine' });
    assert.ok(entered.ok, JSON.stringify(entered));
    assert.deepEqual(
      [control.state.requests[entered.request]?.branch, control.state.requests[entered.request]?.head],
      ['mine', head],
    );
  });

  it('says in words why not, also of a landing that is not there', async () => {
    assert.deepEqual(await enter({ branch: 'nowhere' }), {
      ok: false,
      why: 'There is no branch nowhere in this repository. Make it, or fetch it and check it out once.',
    });
    const found = await enter({ landing: 'mr-zzzzz' as RequestId });
    assert.ok(!found.ok);
    assert.match(found.why, /no merge request mr-zzzzz/);
  });
});
