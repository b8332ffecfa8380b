import { deepEqual, equal } from 'node:assert/strict';
import { GitError } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import type { Reason } from '../../../src/town/reason.ts';
import { followTarget } from '../../../src/vscode/compose/followTarget.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { rigId } from '../../fakes/events.ts';

const git = {
  tip: (_: unknown, branch: string) => {
    if (branch === '..') return Promise.reject(new GitError('bad_name', 'Not a name.'));
    return Promise.resolve(branch === 'next' ? { commit: 'a'.repeat(40) as CommitId, tree: 't' } : null);
  },
};

describe('the setting that names the target', () => {
  async function follow(target: string | null): Promise<{ control: FakeControl; refusals: Reason[] }> {
    const control = new FakeControl();
    await control.wish({ type: 'adoptRig', id: rigId, name: 'r', commonDir: '/r/.git', target: 'main' });
    const refusals: Reason[] = [];
    await followTarget({ git, control, target: () => target, refused: (why) => refusals.push(why) });
    return { control, refusals };
  }

  it('moves the rig to a branch that exists', async () => {
    const { control, refusals } = await follow('next');
    equal(control.state.rig?.target, 'next');
    deepEqual(refusals, []);
  });

  it('is refused aloud when there is no such branch or can be none', async () => {
    for (const wanted of ['gone', '..']) {
      const { control, refusals } = await follow(wanted);
      equal(control.state.rig?.target, 'main');
      deepEqual(refusals, [{ code: 'target_missing', facts: { target: wanted } }]);
    }
  });

  it('leaves the target alone when it is empty', async () => {
    const { control, refusals } = await follow(null);
    equal(control.state.rig?.target, 'main');
    deepEqual(refusals, []);
  });
});
