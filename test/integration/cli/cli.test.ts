import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printPlan } from '../../../src/town/plan/print.ts';
import { RealRig, git } from './fixtures.ts';

describe('rigs at a rig whose window is open', () => {
  let rig: RealRig;
  before(async () => {
    rig = await RealRig.make();
    await rig.openWindow();
  });
  after(() => rig.remove());

  it('is answered by the window, from any folder of the repository', async () => {
    const cwd = join(rig.repository, 'deep', 'er');
    const { code, out } = await rig.rigs('status', { cwd });
    assert.equal(code, 0);
    assert.match(out, /foreman +running/);
    const { out: json } = await rig.rigs('foreman status --json', { cwd });
    assert.equal((JSON.parse(json) as { owner: { pid: number } }).owner.pid, process.pid);
  });

  it('finds the rig from a person’s other worktree', async () => {
    const worktree = join(rig.folder, 'worktree');
    git(rig.repository, 'worktree', 'add', '-q', worktree);
    assert.equal((await rig.rigs('status', { cwd: worktree })).code, 0);
  });

  it('changes what a person wishes', async () => {
    assert.equal((await rig.rigs('rig park')).code, 0);
    assert.equal(rig.bench.control.state.rig?.parked, true);
    assert.equal((await rig.rigs('rig unpark')).code, 0);
  });

  it('reads a task of several lines from stdin', async () => {
    const { code } = await rig.rigs(['bead', 'create', '-'], { stdin: 'From stdin\nwith more' });
    assert.equal(code, 0);
    const made = Object.values(rig.bench.control.state.beads).find(({ title }) => title === 'From stdin');
    assert.equal(made?.description, 'From stdin\nwith more');
  });

  it('speaks as the agent whose terminal it runs in, or not at all: never as the person', async () => {
    const env = await rig.agentEnv();
    assert.match((await rig.rigs('hook', { env, cwd: rig.folder })).out, /^nux holds gt-/);
    assert.match((await rig.rigs('foreman stop', { env })).err, /person’s to say/);
    assert.deepEqual((await rig.rigs('status', { env: { RIGS_HOME: rig.home } })).code, 1);
    assert.match((await rig.rigs('status', { env: { RIGS_TOKEN: 'wrong' } })).err, /not known/);
  });

  it('takes no agent that lost its environment for the person', async () => {
    const add = (name: string, ...args: readonly string[]): string => {
      const worktree = join(rig.folder, name);
      git(rig.repository, 'worktree', 'add', '-q', ...args, worktree);
      return worktree;
    };
    const [polecat] = rig.bench.scene.polecats('working');
    assert.ok(polecat);
    const astray = add('astray', '-b', 'another');
    const { id, base } = polecat;
    assert.ok(base);
    await rig.remember({ type: 'polecat.housed', polecat: id, worktree: astray, base, at: 0 });
    const places = [add('theirs', '-b', 'polecat/rictus/gt-abcde'), add('.proof-0', '--detach'), astray];
    for (const cwd of places) {
      const { code, err } = await rig.rigs('foreman stop', { cwd });
      assert.equal(code, 1);
      assert.match(err, /is a worktree of Rigs' agents, and RIGS_TOKEN is not set/);
    }
    const { err } = await rig.rigs('foreman stop', { env: { GTR_AGENT: 'almanac/polecats/nux' } });
    assert.match(err, /GTR_AGENT is set/);
    assert.equal(rig.bench.control.state.stopped, false);
    const [cwd] = places;
    assert.equal((await rig.rigs('hook', { env: await rig.agentEnv(), cwd: cwd ?? '' })).code, 0);
  });

  it('says a command that a shell said already under the same id', async () => {
    const env = { RIGS_CALL: '5f0c1d5e-0000-4000-8000-000000000007' };
    const before = Object.keys(rig.bench.control.state.beads).length;
    const [first, again] = [
      await rig.rigs('bead create Once', { env }),
      await rig.rigs('bead create Once', { env }),
    ];
    assert.equal(first.out, again.out);
    assert.equal(Object.keys(rig.bench.control.state.beads).length, before + 1);
  });

  it('takes the second seed’s words as rgt', async () => {
    assert.match((await rig.rigs('polecat list', { program: 'rgt' })).out, /nux/);
    assert.match((await rig.rigs('mail inbox', { program: 'rgt' })).err, /Mail comes with the town/);
  });

  it('helps without a rig, and does not guess what an unknown word means', async () => {
    assert.match((await rig.rigs('help', { cwd: rig.folder })).out, /Exit codes/);
    const { code, err, out } = await rig.rigs('fly away', { cwd: rig.folder });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /“fly”/);
  });

  describe('and asks back', () => {
    const bead = {
      key: '1',
      title: 'Plan me',
      type: 'test',
      priority: 'normal',
      dependsOn: [],
      touches: [],
    } as const;
    const text = printPlan({
      goal: 'A goal',
      beads: [{ ...bead, estimate: null, provider: null, description: '', criteria: [] }],
    });
    let goals: string[];
    beforeEach(() => {
      goals = [];
      rig.bench.plan = (goal) => {
        goals.push(goal);
        return Promise.resolve({ ok: true, text });
      };
    });
    const planned = (): number =>
      Object.values(rig.bench.control.state.beads).filter(({ title }) => title === 'Plan me').length;

    it('before a goal starts: yes starts exactly what was shown', async () => {
      const { code, out } = await rig.rigs(['goal', 'execute', 'A goal', '-p', 'low'], { answers: ['y'] });
      assert.equal(code, 0);
      assert.match(out, /#1 \[test\] Plan me[\s\S]*Start this bead\? \[y\/N\] \ncv-\w+ has 1 bead/);
      assert.deepEqual([goals.length, planned()], [1, 1]);
    });

    it('and anything else starts nothing', async () => {
      const before = planned();
      for (const answers of [['n'], [''], []]) {
        const { code, out } = await rig.rigs(['goal', 'execute', 'A goal'], { answers });
        assert.equal(code, 0);
        assert.match(out, /Nothing was started\. The plan is kept/);
      }
      assert.match((await rig.rigs(['goal', 'execute', 'A goal'])).err, /--yes/);
      assert.equal(planned(), before);
    });

    it('what should be different, until nothing should', async () => {
      const { code } = await rig.rigs(['goal', 'plan', 'A goal', '--refine'], { answers: ['smaller', ''] });
      assert.equal(code, 0);
      assert.deepEqual(
        goals.map((goal) => goal.split('\n').length),
        [1, 4],
      );
      assert.match((await rig.rigs(['goal', 'plan', 'A goal', '--refine'])).err, /--remark/);
    });
  });
});

describe('rigs where there is no rig', () => {
  let rig: RealRig;
  before(async () => {
    rig = await RealRig.make();
  });
  after(() => rig.remove());

  it('says so, and what to do', async () => {
    const nowhere = await rig.rigs('status', { cwd: rig.folder });
    assert.equal(nowhere.code, 4);
    assert.match(nowhere.err, /rigs init --git/);
    const other = join(rig.folder, 'no rig');
    await mkdir(other);
    git(other, 'init', '-q');
    const { code, err } = await rig.rigs('status', { cwd: other });
    assert.equal(code, 4);
    assert.match(err, /never opened as a rig.*`rigs init`/);
  });

  it('asks the window of this terminal what is no rig’s', async () => {
    await rig.openWindow();
    const env = { RIGS_WINDOW: rig.home };
    const played = { cwd: rig.folder, env };
    assert.match((await rig.rigs('provider list', played)).out, /Claude Code/);
    assert.match((await rig.rigs('rig add /x', played)).out, /fresh is a rig/);
    assert.equal((await rig.rigs('status', played)).code, 4);
    await rig.closeWindow();
  });

  it('makes one: the repository, its first commit and its memory, and twice is once', async () => {
    const cwd = join(rig.folder, 'new one');
    await mkdir(cwd);
    assert.equal((await rig.rigs('init', { cwd })).code, 4);
    process.env['GIT_AUTHOR_NAME'] = process.env['GIT_COMMITTER_NAME'] = 'a';
    process.env['GIT_AUTHOR_EMAIL'] = process.env['GIT_COMMITTER_EMAIL'] = 'a@b';
    const made = await rig.rigs(['init', '../states', '--git'], { cwd });
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /memory is made: .*states/);
    assert.match((await rig.rigs(['init', '../states'], { cwd })).out, /its memory already/);
    assert.equal((await rig.rigs('status', { cwd })).code, 0);
  });
});
