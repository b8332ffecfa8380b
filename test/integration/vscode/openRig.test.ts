import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
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

describe('a rig in a window', () => {
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

  it('that cannot be opened leaves no door open, and can be opened later', async () => {
    await assert.rejects(
      open(() => Promise.reject(new Error('no seats'))),
      /no seats/,
    );
    assert.equal(await readDoor(path.join(stateFolder, 'door')), null);
    const rig = await open(() => Promise.resolve([]));
    assert.notEqual(await readDoor(path.join(stateFolder, 'door')), null);
    await rig.close();
  });

  it('takes up what is kept while it is open', async () => {
    const rig = await open(() => Promise.resolve([]));
    const outbox = path.join(stateFolder, 'spool', 'outbox');
    const name = `${'1'.padStart(15, '0')}-11111111-1111-4111-8111-111111111111.json`;
    await writeFile(path.join(outbox, name), 'said by nobody');
    const late = Date.now() + 20_000;
    while (!(await readdir(path.join(outbox, 'aside')).catch((): string[] => [])).includes(name)) {
      assert.ok(Date.now() < late, 'it is left lying');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await rig.close();
  });
});
