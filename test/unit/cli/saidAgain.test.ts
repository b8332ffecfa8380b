import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { printPlan } from '../../../src/town/plan/print.ts';
import { Bench } from './fixtures.ts';

/** What a client does whose window reloaded before it was answered: another process knows nothing of the first run. */
describe('A command that is said again to the next window', () => {
  const id = '0b0e7f6e-0000-4000-8000-000000000009';
  let bench: Bench;
  beforeEach(async () => {
    bench = Bench.withFolder();
    await bench.scene.open();
  });
  afterEach(() => {
    rmSync(bench.control.store.folder, { recursive: true });
  });

  const twice = async (...argv: readonly string[]): Promise<readonly string[]> => {
    const said: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const { exit, out } = await bench.run(argv, { id });
      assert.equal(exit, 0, out);
      said.push(out);
    }
    return said;
  };
  const beads = () => Object.values(bench.control.state.beads);
  const convoys = () => Object.values(bench.control.state.convoys);

  it('makes no second bead, and names the first', async () => {
    const [first, again] = await twice('bead', 'create', 'Add a parser');
    assert.equal(again, first);
    assert.equal(beads().length, 1);
  });

  it('makes each of several beads once, also two of one title', async () => {
    await twice('sling', 'Fix it', 'Fix it', 'Test it');
    assert.deepEqual(
      beads()
        .map(({ title }) => title)
        .toSorted(),
      ['Fix it', 'Fix it', 'Test it'],
    );
  });

  it('makes no second convoy of beads', async () => {
    await bench.ok('bead create One');
    const [bead] = beads();
    const [first, again] = await twice('convoy', 'create', 'Release', bead?.id ?? '');
    assert.equal(again, first);
    assert.equal(convoys().length, 1);
  });

  it('enters a branch once, and takes a landing back once', async () => {
    const { git, control } = bench;
    const { commit } = (await git.tip(git.repository, 'main')) ?? assert.fail();
    await git.makeBranch(git.repository, 'mine', commit);
    const head = git.advance('mine', ['a.ts']);
    const [first, again] = await twice('mq', 'add', 'mine', '--approve');
    assert.equal(again, first);
    const [request] = Object.values(control.state.requests);
    assert.ok(request);
    await git.land(git.repository, 'main', commit, head);
    const candidate = { commit: head, onto: commit, checks: [], provenAt: 1 };
    control.happen(
      { type: 'request.proven', request: request.id, candidate, at: 1 },
      { type: 'request.landed', request: request.id, commit: head, at: 1 },
    );
    const other = '0b0e7f6e-0000-4000-8000-000000000010';
    const said = [await bench.run(['mq', 'revert', request.id], { id: other })];
    said.push(await bench.run(['mq', 'revert', request.id], { id: other }));
    assert.deepEqual(said[1], said[0]);
    assert.equal(said[0]?.exit, 0, said[0]?.out);
    assert.equal(beads().length, 2);
  });

  it('starts a goal once, without asking a model for another plan', async () => {
    const bead = {
      ...{ key: '1', title: 'Parse', type: 'implementation', priority: 'normal', dependsOn: [] },
      ...{ touches: [], estimate: null, provider: null, description: '', criteria: ['works'] },
    } as const;
    let plans = 0;
    bench.plan = () => {
      plans += 1;
      const beadOf = { ...bead, title: `Parse ${String(plans)}` };
      return Promise.resolve({ ok: true, text: printPlan({ goal: 'Durations', beads: [beadOf] }) });
    };
    const [first, again] = await twice('goal', 'execute', 'Durations', '--yes', '--json');
    assert.equal(again, first);
    assert.deepEqual([plans, convoys().length, beads().length], [1, 1, 1]);
  });

  it('is another command under another id', async () => {
    await bench.ok('bead create Same');
    await bench.ok('bead create Same');
    assert.equal(beads().length, 2);
  });
});
