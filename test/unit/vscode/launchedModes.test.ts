import { equal } from 'node:assert/strict';
import { polecatId } from '../../../src/town/ids.ts';
import { LaunchedModes } from '../../../src/vscode/launchedModes.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';

describe('The mode that a session was started with', () => {
  const polecat = polecatId('nux', 1);

  it('is known of that session, also after a reload, and of no other', async () => {
    const memory = fakeMemento();
    await new LaunchedModes(memory).note('/a/.git', { polecat, token: 3 }, 'bypass');
    const modes = new LaunchedModes(memory);
    equal(modes.of('/a/.git', { polecat, token: 3 }), 'bypass');
    equal(modes.of('/a/.git', { polecat, token: 4 }), null);
    equal(modes.of('/b/.git', { polecat, token: 3 }), null);
  });

  it('is that of its newest session, and is kept for many polecats but not for ever', async () => {
    const modes = new LaunchedModes(fakeMemento());
    await modes.note('/a/.git', { polecat, token: 3 }, 'bypass');
    await modes.note('/a/.git', { polecat, token: 4 }, 'ask');
    equal(modes.of('/a/.git', { polecat, token: 3 }), null);
    equal(modes.of('/a/.git', { polecat, token: 4 }), 'ask');
    for (let number = 2; number <= 101; number += 1)
      await modes.note('/a/.git', { polecat: polecatId('nux', number), token: number }, 'ask');
    equal(modes.of('/a/.git', { polecat, token: 4 }), null);
    equal(modes.of('/a/.git', { polecat: polecatId('nux', 2), token: 2 }), 'ask');
  });
});
