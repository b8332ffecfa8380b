import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';

const run = promisify(execFile);

describe('What cannot be a rig', function () {
  this.timeout(120_000);
  let place: string;
  let workbench: Workbench;

  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'rigs-bad-'));
    workbench = await openWorkbench();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.keepEvidence(this.currentTest.fullTitle());
  });

  after(async () => {
    await workbench.dispose();
    await rm(place, { recursive: true, force: true });
  });

  const git = (folder: string, ...args: string[]): Promise<unknown> =>
    run('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], { cwd: folder });

  async function folderOf(name: string): Promise<string> {
    const folder = join(place, name);
    await mkdir(folder);
    return folder;
  }

  it('is no folder: the view offers to open one', async () => {
    await workbench.showRigs();
    await workbench.tree('Rigs').welcome.filter({ hasText: 'Open Folder' }).first().waitFor();
    await workbench.screenshot('bad-no-folder');
  });

  it('is no repository: the view offers to make one', async () => {
    await workbench.open(await folderOf('plain'));
    await workbench.showRigs();
    await workbench.tree('Rigs').welcome.filter({ hasText: 'Initialize Repository' }).first().waitFor();
  });

  it('has no commit: Execute Goal says to make one', async () => {
    const folder = await folderOf('empty');
    await git(folder, 'init', '-q', '-b', 'main');
    await workbench.open(folder);
    await workbench.command('Rigs: Execute Goal…');
    await workbench.toast(/no commit yet/).waitFor();
    await workbench.screenshot('bad-no-commit');
  });

  it('is bare: Execute Goal says to clone it', async () => {
    const folder = await folderOf('bare.git');
    await git(folder, 'init', '-q', '--bare', '-b', 'main');
    await workbench.open(folder);
    await workbench.command('Rigs: Execute Goal…');
    await workbench.toast(/bare repository/).waitFor();
  });

  it('has no model yet: Execute Goal says how to get one', async () => {
    const folder = await folderOf('no key');
    await git(folder, 'init', '-q', '-b', 'main');
    await writeFile(join(folder, 'a.txt'), 'a\n');
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-qm', 'first');
    await workbench.open(folder);
    await workbench.command('Rigs: Execute Goal…');
    await workbench.toast(/No model/).waitFor();
  });

  it('has a detached HEAD: it says to choose the branch that work lands on', async () => {
    const folder = join(place, 'no key');
    await git(folder, 'clone', '-q', '.', '../detached');
    await git(join(place, 'detached'), 'checkout', '-q', '--detach');
    await workbench.open(join(place, 'detached'));
    await workbench.command('Rigs: Execute Goal…');
    await workbench.toast(/rigs\.target/).waitFor();
  });

  it('has a setting of the wrong type: Rigs names it, its value, and what it uses instead', async () => {
    await workbench.changeSettings({ 'rigs.maxPolecats': 'many' });
    await workbench.toast(/rigs\.maxPolecats is "many"/).waitFor();
  });
});
