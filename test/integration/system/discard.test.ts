import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discard, discardedForMs, emptyDiscarded } from '../../../src/system/discard.ts';
import { realFiles } from '../../../src/system/realFiles.ts';

describe('a file of state that nothing reads any more', () => {
  let folder: string;
  let heldBy: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs-discard-'));
    heldBy = path.join(folder, 'newer');
    await writeFile(heldBy, '');
    await writeFile(path.join(folder, 'old.jsonl'), 'text');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const now = 1_700_000_000_000;

  it('can be had from the trash for a week', async () => {
    await discard(realFiles, folder, 'old.jsonl', { heldBy, now });
    await assert.rejects(access(path.join(folder, 'old.jsonl')));
    await emptyDiscarded(realFiles, folder, now + discardedForMs - 1);
    const [name = ''] = await readdir(path.join(folder, 'trash'));
    assert.equal(await readFile(path.join(folder, 'trash', name), 'utf8'), 'text');
    await emptyDiscarded(realFiles, folder, now + discardedForMs);
    assert.deepEqual(await readdir(path.join(folder, 'trash')), []);
  });

  it('stays while what should hold its content is not there', async () => {
    await rm(heldBy);
    await assert.rejects(discard(realFiles, folder, 'old.jsonl', { heldBy, now }));
    await access(path.join(folder, 'old.jsonl'));
  });

  it('leaves in the trash what somebody else put there', async () => {
    await emptyDiscarded(realFiles, folder, now);
    await discard(realFiles, folder, 'old.jsonl', { heldBy, now });
    await writeFile(path.join(folder, 'trash', 'mine'), '');
    await emptyDiscarded(realFiles, folder, now + discardedForMs);
    assert.deepEqual(await readdir(path.join(folder, 'trash')), ['mine']);
  });
});
