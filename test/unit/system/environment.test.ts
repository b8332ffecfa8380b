import assert from 'node:assert/strict';
import { environmentFor, isEditorsOwn } from '../../../src/system/environment.ts';

describe('The environment of a program that is no part of a session', () => {
  const own = { RIGS_TOKEN: 't', GTR_AGENT: 'nux', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1' };

  it('has nothing of the editor and nothing of Rigs in it, however that is written', () => {
    const kept = { PATH: '/bin', Electron: 'x', MY_VSCODE_: 'y', EMPTY: '' };
    assert.deepEqual(environmentFor({ ...own, rigs_home: 'h', Vscode_Ipc: 'i', ...kept }), kept);
  });

  it('has nothing in it that is to be left out or has no value', () => {
    assert.deepEqual(environmentFor({ A: 'a', B: 'b', C: undefined }, ['B']), { A: 'a' });
  });

  it('is told from what the editor sets for itself alone, which Rigs does not', () => {
    assert.deepEqual(Object.keys(own).filter(isEditorsOwn), ['VSCODE_PID', 'ELECTRON_RUN_AS_NODE']);
  });
});
