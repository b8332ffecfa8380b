import { deepEqual } from 'node:assert/strict';
import type { Call } from '../../../src/vscode/needs/callOut.ts';
import { Called } from '../../../src/vscode/needs/called.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';

const call = (id: string): Call => ({ id }) as Call;
const ids = (calls: readonly Call[]): readonly string[] => calls.map(({ id }) => id);

describe('What waits for a person', () => {
  const closed = call('/a/.git ask-1 ');
  const other = call('/b/.git ask-2 ');

  it('is called out once, also when the window is reloaded', () => {
    const memory = fakeMemento();
    deepEqual(ids(new Called(memory).take([closed], [closed], ['/a/.git'])), [closed.id]);
    const reloaded = new Called(memory);
    // A window that was just loaded has no rig open yet.
    deepEqual(reloaded.take([], [], []), []);
    deepEqual(reloaded.take([closed], [closed], ['/a/.git']), []);
  });

  it('is forgotten once it is answered, without what another rig waits for', () => {
    const memory = fakeMemento();
    const called = new Called(memory);
    called.take([closed, other], [closed, other], ['/a/.git', '/b/.git']);
    called.take([], [], ['/a/.git']);
    deepEqual(ids(called.take([closed, other], [closed, other], ['/a/.git', '/b/.git'])), [closed.id]);
  });
});
