import assert from 'node:assert/strict';
import path from 'node:path';
import { readDoor } from '../../../src/gateway/home.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import type { Agents } from '../../../src/ports/agents.ts';
import { type OpenRig, openRig } from '../../../src/vscode/compose/openRig.ts';
import { noCommands } from '../../fakes/noCommands.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';
import { SpawnedTerminals } from '../../harness/spawnedTerminals.ts';
import { type Sandbox, sandbox } from '../git/sandbox.ts';

const never = (): Promise<never> => Promise.reject(new Error('not asked for here'));

describe('a rig that cannot be opened', () => {
  let box: Sandbox;
  let stateFolder = '';
  beforeEach(async () => {
    box = await sandbox();
  });
  afterEach(() => box.end());

  async function open(seats: Agents['seats']): Promise<OpenRig> {
    const nobody = fakeAgents({ seats, start: never, access: never });
    return openRig({
      git: box.git,
      repository: await box.repository(),
      storageRoot: path.join(box.folder, 'storage'),
      window: 'w',
      distFolder: box.folder,
      terminals: new SpawnedTerminals(),
      account: new FakeAccount(),
      rigs: null,
      commands: noCommands,
      settings: rigSettings({ maxPolecats: 1 }),
      agents: (folder) => {
        stateFolder = folder;
        return Promise.resolve(nobody);
      },
      log: { info: () => undefined, error: () => undefined },
    });
  }

  it('leaves no door open, and can be opened later', async () => {
    await assert.rejects(
      open(() => Promise.reject(new Error('no seats'))),
      /no seats/,
    );
    assert.equal(await readDoor(path.join(stateFolder, 'door')), null);
    const rig = await open(() => Promise.resolve([]));
    assert.notEqual(await readDoor(path.join(stateFolder, 'door')), null);
    await rig.close();
  });
});
