import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { planGoal } from '../../../src/assayer/planner.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { openModels } from '../../../src/providers/models.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { planToDrafts } from '../../../src/town/plan.ts';
import { say } from '../../harness/toolchain.mjs';
import { HeadlessRig } from './headlessRig.ts';
import { RegistryUnreachable, fetchPackage, setupOf } from './publishedPackage.ts';
import { goal, playbook, shellQuote, titles } from './shellQuote.ts';

const run = promisify(execFile);

describe('a published package with its own tests', function () {
  this.timeout(240_000);
  let place: string;
  let folder: string;
  let rig: HeadlessRig | null = null;

  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: folder })).stdout;

  before(async function () {
    place = await mkdtemp(path.join(tmpdir(), 'rigs-real-'));
    try {
      folder = await fetchPackage(shellQuote, place);
    } catch (error) {
      if (!(error instanceof RegistryUnreachable)) throw error;
      say(`  NOT TESTED on a published package: the registry cannot be reached (${error.message}).`);
      this.skip();
    }
    // Tarballs leave .gitignore out; without one, what setup installs would be committed as an agent's work.
    await writeFile(path.join(folder, '.gitignore'), 'node_modules\n');
    await git('init', '-q', '-b', 'main');
    await git('config', 'user.name', 'A Person');
    await git('config', 'user.email', 'person@example.invalid');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Import shell-quote 1.7.2');
  });

  after(async () => {
    await rig?.close();
    await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  async function begin(): Promise<HeadlessRig> {
    const file = path.join(place, 'shell-quote.playbook.json');
    await writeFile(file, JSON.stringify(playbook));
    const settings = { worktreeSetup: setupOf(shellQuote) };
    const opened = await HeadlessRig.open({ folder, playbook: file, settings });
    rig = opened;
    const access = await opened.rig.agents.assayer('planner');
    assert.ok(access !== null);
    const { plan } = await planGoal({
      goal,
      facts: { name: 'shell-quote', target: 'main', files: [], checks: [] },
      models: openModels(access),
      model: access.model,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    const beads = planToDrafts(plan, (taken) => systemIds.bead(taken));
    const convoy = systemIds.convoy();
    await opened.rig.foreman.wish({
      type: 'createConvoy',
      convoy,
      title: goal,
      landing: 'review',
      held: false,
      beads,
    });
    return opened;
  }

  it('gets two mended faults merged, held to its own tests', async () => {
    const opened = await begin();
    await opened.until(() => opened.allEnded());

    for (const title of Object.values(titles)) assert.equal(opened.bead(title).status, 'completed', title);
    const log = await git('log', '--reverse', '--format=%s', 'main');
    assert.ok(log.indexOf(titles.drive) > 0 && log.indexOf(titles.empty) > log.indexOf(titles.drive), log);

    const { definitions } = opened.state.rig?.checks ?? {};
    assert.deepEqual(
      definitions?.map(({ command, args }) => [command, ...args]),
      [['npm', 'run', 'test']],
      'its checks were found without help',
    );
    assert.ok(
      opened.notices.some((one) => one.why?.code === 'check_failed'),
      `its old tests caught the wrong first try\n${opened.story()}`,
    );

    assert.equal(await git('status', '--porcelain'), '');
    const code = await readFile(path.join(folder, 'index.js'), 'utf8');
    assert.ok(code.includes('[A-Za-z]:') && code.includes("s === ''"), 'the files moved along with main');
    const { stdout } = await run('npm', ['test'], { cwd: folder });
    assert.match(stdout, /quote marks that are no drive letters[^]*quote empty words[^]*# ok/);

    const worktrees = `${folder}.rigs`;
    const left = (await readdir(worktrees)).filter((name) => !name.startsWith('.'));
    assert.deepEqual(left, [], 'no worktree is left');
    assert.equal((await readdir(path.join(worktrees, '.trash'))).length, 2, 'both lie in the trash');
    assert.equal(await git('branch', '--format=%(refname:short)'), 'main\n');
  });
});
