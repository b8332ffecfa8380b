import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '../../../src/gateway/server.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import { homeOf } from '../../../src/store/home.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { fakeDesk, nux, status } from '../gateway/fixtures.ts';

const cli = join(import.meta.dirname, '../../../src/cli/main.ts');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function rigs(args: readonly string[], cwd: string, own: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = { ...process.env, RIGS_HOME: '', RIGS_TOKEN: '', NODE_NO_WARNINGS: '1', ...own };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd, env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('rigs', () => {
  let folder: string;
  let repository: string;
  let door: Door;
  let state: string;
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository, stdio: 'pipe' });

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs cli ')));
    repository = join(folder, "it's a repo");
    await mkdir(join(repository, 'deep', 'er'), { recursive: true });
    git('init', '-q', '-b', 'main');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first');
    const commonDir = join(repository, '.git');
    state = (await homeOf({ commonDir, storageRoot: join(folder, 'storage'), clock: systemClock })).folder;
    const tokens = await openTokenBook(join(state, 'tokens.json'));
    door = await openDoor({
      home: join(state, 'door'),
      desk: fakeDesk(),
      rig: new FakeControl(),
      status: () => status,
      tokens,
      epoch: 1,
    });
  });

  after(async () => {
    await door.close();
    await rm(folder, { recursive: true });
  });

  it('shows the rig around the current folder', async () => {
    const { code, out } = await rigs(['status'], join(repository, 'deep', 'er'));
    assert.equal(code, 0);
    assert.equal(out, 'sample (lands on main)\nBeads: 1 queued\nNeeds you: 1\n');
  });

  it('tells programs the same as JSON', async () => {
    const { out } = await rigs(['status', '--json'], repository);
    assert.deepEqual(JSON.parse(out), status);
    const beads = await rigs(['bead', 'list', '--json'], repository);
    assert.deepEqual(JSON.parse(beads.out), status.beads);
  });

  it('says for every bead why it is where it is', async () => {
    const { out } = await rigs(['bead', 'list'], repository);
    assert.match(out, /^gt-aaaaa {2}queued +high +Add a parser {2}\(No free slot\.\)\n$/);
  });

  it("finds the rig from an agent's worktree", async () => {
    const worktree = join(folder, 'worktree');
    git('worktree', 'add', '-q', worktree);
    assert.equal((await rigs(['status'], worktree)).code, 0);
  });

  it('asks as the agent whose terminal it runs in', async () => {
    const tokens = await openTokenBook(join(folder, 'other.json'));
    const home = join(folder, 'other');
    const other = await openDoor({
      home,
      desk: fakeDesk(),
      rig: new FakeControl(),
      status: () => status,
      tokens,
      epoch: 1,
    });
    const secret = await tokens.issue(nux);
    const ran = await rigs(['status'], folder, { RIGS_HOME: home, RIGS_TOKEN: secret });
    const wrong = await rigs(['status'], folder, { RIGS_HOME: home, RIGS_TOKEN: 'wrong' });
    await other.close();
    assert.deepEqual([ran.code, wrong.code], [0, 1]);
    assert.match(wrong.err, /token is not known/);
  });

  it("speaks in an agent's terminal with the agent's token or not at all, never as the person", async () => {
    const home = join(state, 'door');
    const { code, err } = await rigs(['status'], repository, { RIGS_HOME: home });
    assert.equal(code, 1);
    assert.match(err, /RIGS_TOKEN is not/);
    const withoutHome = await rigs(['status'], repository, { RIGS_TOKEN: 'wrong' });
    assert.match(withoutHome.err, /token is not known/);
  });

  it('says that a folder is in no repository, and that a repository is no rig', async () => {
    assert.equal((await rigs(['status'], folder)).code, 4);
    const other = join(folder, 'no rig');
    execFileSync('git', ['init', '-q', other]);
    const { code, err } = await rigs(['status'], other);
    assert.equal(code, 4);
    assert.match(err, /never opened as a rig/);
  });

  it('says that no window runs the rig', async () => {
    await door.close();
    const { code, err } = await rigs(['status'], repository);
    assert.equal(code, 3);
    assert.match(err, /No window runs this rig/);
    const tokens = await openTokenBook(join(state, 'tokens.json'));
    door = await openDoor({
      home: join(state, 'door'),
      desk: fakeDesk(),
      rig: new FakeControl(),
      status: () => status,
      tokens,
      epoch: 2,
    });
  });

  it('helps, says its version, and does not guess what an unknown word means', async () => {
    assert.match((await rigs([], folder)).out, /Exit codes/);
    assert.match((await rigs(['version'], folder)).out, /^\d+\.\d+\.\d+\n$/);
    const { code, err, out } = await rigs(['fly', 'away'], folder);
    assert.equal(code, 2);
    assert.match(err, /"fly away"/);
    assert.equal(out, '');
  });
});
