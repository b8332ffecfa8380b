import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createRunGit } from '../../../src/git/run.ts';
import { createSample } from '../../../src/providers/rehearsal/sample.ts';
import { mediaFolder } from './sampleTree.ts';

const git = createRunGit('git');
const run = promisify(execFile);

describe('the sample repository', () => {
  let into: string;

  beforeEach(async () => {
    into = path.join(await mkdtemp(path.join(tmpdir(), "rigs' sample 🌵 ")), 'not there yet');
  });

  afterEach(async () => {
    await rm(path.dirname(into), { recursive: true, force: true });
  });

  async function said(folder: string, ...args: string[]): Promise<string> {
    return (await git(args, { cwd: folder })).stdout.toString('utf8').trim();
  }

  it('has a history, a clean worktree, and a bare remote beside it that has the same', async () => {
    const folder = await createSample({ git, mediaFolder, into });
    assert.equal((await said(folder, 'log', '--oneline')).split('\n').length, 4);
    assert.equal(await said(folder, 'status', '--porcelain'), '');
    assert.equal(await said(folder, 'rev-parse', '--abbrev-ref', 'HEAD@{upstream}'), 'origin/main');
    const remote = path.join(into, 'almanac.git');
    assert.equal(await said(remote, 'rev-parse', '--is-bare-repository'), 'true');
    assert.equal(await said(remote, 'rev-parse', 'main'), await said(folder, 'rev-parse', 'main'));
  });

  it('says in its own settings alone that it rehearses, and who commits', async () => {
    const folder = await createSample({ git, mediaFolder, into });
    assert.equal(await said(folder, 'config', '--local', 'rigs.rehearsal'), 'sample');
    assert.equal(await said(folder, 'config', '--local', 'user.name'), 'Rigs Rehearsal');
  });

  it('has more than thirty green tests and a lint that takes no time, run as a person would', async function () {
    this.timeout(60_000);
    const folder = await createSample({ git, mediaFolder, into });
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd: folder, env });
    assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 30, stdout);
    assert.match(stdout, /^# fail 0$/m);
    await run(process.execPath, ['scripts/lint.js'], { cwd: folder });
  });

  it('touches nothing that stands where it would', async () => {
    await mkdir(path.join(into, 'almanac'), { recursive: true });
    await writeFile(path.join(into, 'almanac', 'mine.txt'), 'mine');
    await assert.rejects(createSample({ git, mediaFolder, into }), { reason: 'sample_exists' });
  });
});
