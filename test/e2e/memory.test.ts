import { equal, ok } from 'node:assert/strict';
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';
import { type Sample, makeSample } from './rehearsal.ts';

/** One bit of the last line but one, in the fullest of these files. */
async function flipNearTheEnd(folder: string, names: readonly string[]): Promise<void> {
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), bytes: await readFile(join(folder, name)) })),
  );
  const fullest = files.toSorted((a, b) => b.bytes.length - a.bytes.length)[0];
  ok(fullest !== undefined, 'there is a journal');
  const { path, bytes } = fullest;
  const end = bytes.lastIndexOf('\n', bytes.length - 2);
  bytes[end - 40] = (bytes[end - 40] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

describe('A memory that cannot be read as it was written', function () {
  this.timeout(180_000);
  // Its tests tell one story: what follows a failure would only wait for what does not come.
  this.bail(true);
  let sample: Sample;
  let workbench: Workbench;

  before(async () => {
    sample = await makeSample('rigs memory');
    workbench = await openWorkbench({ folder: sample.folder });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await sample.remove();
  });

  const rowsOf = async (tree: string, what: RegExp): Promise<boolean> =>
    (await workbench.tree(tree).rows()).some((row) => what.test(`${row.label} ${row.description}`));

  const rigs = join('.git', 'rigs');

  async function stateFolder(): Promise<string> {
    const home: unknown = JSON.parse(await readFile(join(sample.folder, rigs, 'home.json'), 'utf8'));
    ok(typeof home === 'object' && home !== null && 'folder' in home && typeof home.folder === 'string');
    return home.folder;
  }

  async function reopen(): Promise<void> {
    await workbench.open(sample.folder);
    await workbench.showRigs();
  }

  it('is shown up to its last good entry, and goes on from there on a word of the person', async () => {
    await workbench.editor.open('src/table.js');
    await workbench.editor.lens('Sling to Rig');
    await workbench.showRigs();
    await workbench.eventually('the bead', () => rowsOf('Beads', /align columns/));
    const folder = await stateFolder();
    await workbench.closeFolder();
    const names = await readdir(folder);
    // With its snapshots gone too: as long as one is good, nothing older than it is needed.
    for (const name of names.filter((one) => one.startsWith('snapshot-')))
      await rename(join(folder, name), join(sample.folder, '..', name));
    await flipNearTheEnd(
      folder,
      names.filter((one) => one.startsWith('journal-')),
    );
    await reopen();
    await workbench.eventually('the read-only row', () => rowsOf('Rigs', /read-only/));
    await workbench.screenshots('damaged');
    await workbench.tree('Rigs').press('almanac', 'Mend Rig');
    await workbench.pressInDialog(/Mend the memory/, 'Go On From There');
    await workbench.eventually('the rig at work again', () => rowsOf('Rigs', /^almanac \d+ working/));
    const kept = (await readdir(folder)).filter((name) => name.startsWith('damaged-'));
    equal(kept.length, 1, 'the damaged file is kept');
  });

  it('whose folder is gone starts afresh on a word of the person, with its branches as they were', async () => {
    const folder = await stateFolder();
    const branches = await sample.git('branch', '--list', '--format=%(refname) %(objectname)');
    await workbench.closeFolder();
    await rename(folder, `${folder}.away`);
    await reopen();
    await workbench.eventually('the closed row', () => rowsOf('Rigs', /Its memory is gone/));
    await workbench.screenshots('memory-gone');
    await workbench.tree('Rigs').press('almanac', 'Mend Rig');
    await workbench.pressInDialog(/Mend the memory/, 'Start Afresh');
    await workbench.eventually('a rig without a history', () => rowsOf('Rigs', /^almanac \d+ working/));
    equal(await sample.git('branch', '--list', '--format=%(refname) %(objectname)'), branches);
    const pointers = await readdir(join(sample.folder, rigs));
    ok(
      pointers.some((name) => name.startsWith('home.lost-')),
      pointers.join(', '),
    );
  });
});
