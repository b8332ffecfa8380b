import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAdopted } from '../../../src/vscode/compose/adopted.ts';

describe('a repository that is a rig', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs-adopted-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is known by its pointer', async () => {
    assert.equal(await isAdopted(folder), false);
    await mkdir(path.join(folder, 'rigs'));
    assert.equal(await isAdopted(folder), false);
    await writeFile(path.join(folder, 'rigs', 'home.json'), '{}');
    assert.equal(await isAdopted(folder), true);
  });

  it('is no rig where its folder is a file', async () => {
    await writeFile(path.join(folder, 'rigs'), '');
    assert.equal(await isAdopted(folder), false);
  });

  it('is not taken for none when its pointer cannot be looked at', async function () {
    if (process.platform === 'win32') this.skip();
    await symlink('rigs', path.join(folder, 'rigs'));
    await assert.rejects(isAdopted(folder), /ELOOP/);
  });
});
