import assert from 'node:assert/strict';
import type { BatchJson, RequestJson } from '../../../src/cli/queueShapes.ts';
import type { ConvoyId, RequestId } from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import { learnFlip } from '../../../src/town/flaky.ts';
import type { Settled } from '../../../src/town/settled.ts';
import { reason } from '../../../src/town/reason.ts';
import { commit, requestId } from '../../fakes/scene.ts';
import { Bench, agentOf } from './fixtures.ts';

interface Shown {
  readonly paused: { readonly by: string; readonly why: string } | null;
  readonly batch: BatchJson | null;
  readonly requests: readonly RequestJson[];
}

describe('What the command line does to the merge queue', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.scene.open();
  });

  const requests = (): readonly MergeRequest[] => Object.values(bench.control.state.requests);
  const tick = async (): Promise<void> => {
    await bench.scene.say({ type: 'tick', seats: [], maxPolecats: 1 });
  };
  /** A branch of a person's with a commit on it, in the queue. */
  const added = async (branch: string, flags = ''): Promise<MergeRequest> => {
    const { git } = bench;
    const main = (await git.tip(git.repository, 'main')) ?? assert.fail();
    await git.makeBranch(git.repository, branch, main.commit);
    git.advance(branch, [`${branch}.ts`]);
    await bench.ok(`mq add ${branch}${flags}`);
    return requests().find((one) => one.branch === branch) ?? assert.fail(branch);
  };
  /** What is approved is merged, and the first tips tested as the queue wants. */
  const assembled = async (settled?: Settled): Promise<void> => {
    await tick();
    const batch = bench.control.state.queue.batch ?? assert.fail('no batch');
    const links = batch.line.map((request, at) => {
      return { request, commit: commit(String(at + 1)), tree: commit('e') };
    });
    const chain = { onto: commit('a'), base: commit('a'), baseTree: commit('f'), links, basis: 'b' };
    await bench.scene.say({
      ...{
        type: 'assembled',
        batch: batch.id,
        chain,
        conflicts: [],
        postponed: [],
        contained: [],
        maxRounds: 3,
      },
      ...(settled === undefined ? {} : { settled: batch.line.map((request) => ({ request, settled })) }),
    });
    await tick();
  };

  describe('list', () => {
    it('says how something gets in when nothing is', async () => {
      assert.match(await bench.ok('mq list'), /Nothing is in the merge queue.*rigs mq add/);
    });

    it('shows what is proven first, in that order, with what is under proof and why it waits', async () => {
      const later = await added('later');
      const first = await added('first', ' --approve');
      const second = await added('second', ' --approve');
      await bench.ok(`mq front ${second.id}`);
      await assembled();
      const { batch, requests: shown, paused } = (await bench.json('mq list')) as Shown;
      assert.equal(paused, null);
      assert.deepEqual(
        shown.map(({ id }) => id),
        [second.id, first.id, later.id],
      );
      assert.deepEqual(batch?.line, [second.id, first.id]);
      assert.deepEqual(
        shown.map((one) => [one.stage, one.batch, one.approval]),
        [
          ['proving', batch.id, 'person'],
          ['proving', batch.id, 'person'],
          ['queued', null, null],
        ],
      );
      assert.ok(batch.tips.length > 0);
      assert.ok(batch.tips.every(({ state }) => state === 'running'));
      const text = await bench.ok('mq list');
      assert.match(text, new RegExp(`REQUEST +BEAD +STAGE[^]*${second.id}[^]*${first.id}[^]*${later.id}`));
      assert.match(text, /Batch \d+: 2 requests on top of main\. What is green lands\.\n\n {2}TESTED/);
    });

    it('says which tips are green, red and running, and the check that runs', async () => {
      await added('first', ' --approve');
      await added('second', ' --approve');
      await assembled();
      const { id, running } = bench.control.state.queue.batch ?? assert.fail();
      const length = running.at(-1) ?? 0;
      await bench.scene.say({ type: 'running', batch: id, length, step: 'unit tests' });
      assert.match(await bench.ok('mq list'), new RegExp(`first ${String(length)} .*running +unit tests`));
      const failed = { outcome: 'failed', exitCode: 1, durationMs: 1, outputFile: null } as const;
      const checks = [{ name: 'unit tests', ...failed }];
      await bench.scene.say({ type: 'ran', batch: id, length, checks });
      assert.match(await bench.ok('mq list'), new RegExp(`first ${String(length)} .*red +unit tests failed`));
    });

    it('says that it is paused, by whom and why, and how it goes on', async () => {
      await bench.ok('mq pause');
      assert.match(await bench.ok('mq list'), /^You paused the merge queue\. `rigs mq resume`/);
      await bench.ok('mq resume');
      assert.doesNotMatch(await bench.ok('mq list'), /paused/);
      const why = reason('target_red', { target: 'main', name: 'test', output: null });
      bench.control.happen({ type: 'queue.paused', reason: why, at: 1 });
      assert.match(
        await bench.ok('mq list'),
        /^The merge queue stopped by itself\. main itself fails check test/,
      );
      const { paused } = (await bench.json('mq list')) as Shown;
      assert.deepEqual([paused?.by, paused?.why.slice(0, 10)], ['queue', 'main itsel']);
    });

    it('is an agent’s to read, and nothing else of it is an agent’s', async () => {
      await bench.scene.convoy('Goal', [{ title: 'One' }]);
      const [polecat] = await bench.scene.start();
      const agent = agentOf(polecat ?? assert.fail());
      await bench.ok('mq list', {}, agent);
      await bench.ok('mq history', {}, agent);
      for (const line of ['add x', 'approve mr-00001', 'front mr-00001', 'retry mr-00001', 'eject mr-00001'])
        assert.match(await bench.fails(1, `mq ${line}`, agent), /person’s to say/);
      for (const line of ['pause', 'resume', 'revert mr-00001'])
        assert.match(await bench.fails(1, `mq ${line}`, agent), /person’s to say/);
    });
  });

  describe('show', () => {
    it('tells all of one request, named by itself or by its bead', async () => {
      const request = await added('first');
      const text = await bench.ok(`mq show ${request.id}`);
      assert.equal(await bench.ok(`mq show ${request.bead}`), text);
      assert.match(text, /^mr-\w+ {2}somebody else\n/);
      assert.match(text, /branch +first\nhead +[0-9a-f]{40}/);
      assert.match(text, /Worth in line\n {2}all in all +1200\n {2}to begin with +1000\n {2}priority +200/);
      assert.match(text, /files +1 file, \+1 −0/);
    });

    it('has for programs what its worth is made of, and the tips that hold it', async () => {
      const request = await added('first', ' --approve');
      await bench.ok(`mq front ${request.id}`);
      await assembled();
      const shown = (await bench.json(`mq show ${request.id}`)) as RequestJson & {
        readonly place: number;
        readonly score: Readonly<Record<string, number>>;
        readonly tips: readonly { readonly length: number }[];
      };
      const { total = 0, ...parts } = shown.score;
      assert.equal(
        total,
        Object.values(parts).reduce((sum, one) => sum + one, 0),
      );
      assert.deepEqual([shown.place, shown.tips.map(({ length }) => length)], [1, [1]]);
      assert.notEqual(shown.front, null);
    });

    it('tells how its conflict was settled', async () => {
      const { id } = await added('first', ' --approve');
      await assembled({ by: ['structure'], files: ['first.ts'], lessons: [], commit: commit('1') });
      const text = await bench.ok(`mq show ${id}`);
      assert.match(
        text,
        new RegExp(`Its conflicts\\n {2}${id}: the conflict in first.ts was settled by its syntax.`),
      );
      const { ladder } = (await bench.json(`mq show ${id}`)) as { readonly ladder: readonly object[] };
      assert.equal(ladder.length, 1);
    });

    it('tells a request that is not here from what is no request', async () => {
      assert.match(await bench.fails(4, 'mq show mr-zzzzz'), /rigs mq list/);
      assert.match(await bench.fails(4, 'mq show gt-zzzzz'), /of gt-zzzzz/);
      assert.match(await bench.fails(2, 'mq show main'), /no merge request’s id/);
    });
  });

  describe('add', () => {
    it('enters a branch under its title, approved or not', async () => {
      const plain = await added('first');
      const { title, source } = bench.control.state.beads[plain.bead] ?? assert.fail();
      assert.deepEqual([title, source.kind, plain.approval], ['somebody else', 'person', null]);
      const { git } = bench;
      await git.makeBranch(git.repository, 'second', plain.head);
      git.advance('second', ['x.ts']);
      const argv = ['mq', 'add', 'second', '--title', 'Mend the parser', '--approve', '--json'];
      const { out, exit } = await bench.run(argv);
      assert.equal(exit, 0, out);
      const made = JSON.parse(out) as { request: RequestId; bead: string; branch: string };
      assert.equal(bench.control.state.requests[made.request]?.approval, 'person');
      assert.equal(bench.control.state.beads[made.bead as typeof plain.bead]?.title, 'Mend the parser');
    });

    it('says what is in the way, and what to do', async () => {
      await added('first');
      assert.match(await bench.fails(4, 'mq add nowhere'), /no branch nowhere/);
      assert.match(await bench.fails(1, 'mq add main'), /everything lands on/);
      assert.match(await bench.fails(1, 'mq add first'), /already, as mr-/);
      assert.match(await bench.fails(1, 'mq add polecat/nux/gt-00001'), /branch of nux/);
    });
  });

  describe('acts', () => {
    it('approve, front, retry and eject what they name, and say what comes of it', async () => {
      const [first, second] = [await added('first'), await added('second')];
      const said = await bench.ok(`mq approve ${first.id} ${second.bead}`);
      assert.match(said, new RegExp(`${first.id} is approved[^]*${second.id} is approved`));
      assert.match(await bench.ok(`mq front ${second.id}`), /before all others/);
      assert.match(await bench.ok(`mq retry ${first.id}`), /once more/);
      assert.match(await bench.ok(`mq eject ${first.id} ${second.id}`), /branch is kept/);
      assert.deepEqual(
        requests().map(({ stage }) => stage),
        ['ejected', 'ejected'],
      );
      assert.match(await bench.fails(1, `mq eject ${first.id}`), /rigs mq show/);
    });

    it('approve all that waits of a convoy, how many that is, and nothing of another', async () => {
      const [first, second, other] = [await added('one'), await added('two'), await added('three')];
      const convoy = 'cv-00001' as ConvoyId;
      const takes = [first.bead, second.bead];
      await bench.scene.say({
        ...{ type: 'createConvoy', convoy, title: 'A goal', landing: 'review', held: false },
        ...{ beads: [], takes },
      });
      const said = await bench.ok('mq approve --convoy cv-00001');
      for (const { id } of [first, second]) assert.match(said, new RegExp(`${id} is approved`));
      assert.match(said, /\n2 requests of cv-00001 \(A goal\)\.$/);
      const approvals = [first, second, other].map(({ id }) => bench.control.state.requests[id]?.approval);
      assert.deepEqual(approvals, ['person', 'person', null]);
      assert.match(await bench.ok('mq approve --convoy cv-00001'), /Nothing of cv-00001 \(A goal\) waits/);
      assert.match(await bench.fails(2, 'mq approve'), /Say which/);
      assert.match(await bench.ok('mq refresh'), /No pull request is open/);
    });

    it('say of what went back to its bead how it goes on', async () => {
      const request = await added('first');
      const why = reason('landing_conflict', { files: ['a.ts'], target: 'main' });
      bench.control.happen({
        type: 'request.moved',
        request: request.id,
        to: 'conflict',
        reason: why,
        at: 1,
      });
      const said = await bench.fails(1, `mq retry ${request.id}`);
      assert.match(said, new RegExp(`rigs bead retry ${request.bead}.*rigs mq add first`));
      assert.match(await bench.ok(`mq show ${request.id}`), /why +Conflicts with main in a\.ts/);
    });

    it('do to the others what one of them cannot have done to it', async () => {
      const request = await added('first');
      await bench.fails(4, `mq approve mr-zzzzz ${request.id}`);
      assert.equal(requests()[0]?.approval, 'person');
    });
  });

  describe('revert and history', () => {
    const landed = async (branch: string, at: number): Promise<MergeRequest> => {
      const { git, control } = bench;
      const request = await added(branch);
      const onto = (await git.tip(git.repository, 'main')) ?? assert.fail();
      await git.land(git.repository, 'main', onto.commit, request.head);
      const candidate = { commit: request.head, onto: onto.commit, checks: [], provenAt: at };
      control.happen(
        { type: 'request.proven', request: request.id, candidate, at },
        { type: 'request.landed', request: request.id, commit: request.head, at },
      );
      return request;
    };

    it('takes exactly one landing back through the queue', async () => {
      const request = await landed('first', bench.control.now + 60_000);
      const said = await bench.ok(`mq revert ${request.id} --approve`);
      assert.match(said, new RegExp(`takes the landing ${request.id} back, on the branch rigs/revert-`));
      const made = requests().find((one) => one.reverts === request.id);
      assert.deepEqual([made?.approval, made?.branch], ['person', `rigs/revert-${request.id}`]);
      assert.match(await bench.ok(`mq show ${made?.id ?? ''}`), new RegExp(`takes back +${request.id}`));
      assert.match(await bench.fails(1, `mq revert ${request.id}`), /takes it back already/);
      assert.match(await bench.fails(1, `mq revert ${made?.id ?? ''}`), /has not landed \(it is “queued”\)/);
    });

    it('says what landed, in how many runs, how long it took and how often something failed', async () => {
      assert.match(await bench.ok('mq history'), /Nothing has landed yet/);
      const { now } = bench.control;
      const first = await landed('first', now + 600_000);
      const second = await landed('second', now + 1_200_000);
      const formed = { target: 'main', checks: 'h', lands: true, at: now };
      bench.control.happen(
        { type: 'batch.formed', batch: 7, line: [first.id, second.id, requestId(9)], ...formed },
        { type: 'batch.landed', batch: 7, length: 2, at: now + 1_000 },
        { type: 'batch.ended', batch: 7, culprit: requestId(9), at: now + 90_000 },
      );
      const text = await bench.ok('mq history');
      assert.match(text, /^landed +2\nby day +\d{4}-\d\d-\d\d: 2\nruns per landing +0\.00\n/);
      assert.match(text, /done to landed +15 min \(half took less\)\nfailure rate +3\d %/);
      assert.match(text, new RegExp(`7 +0 +1 min +mr-00009 +${first.id}, ${second.id}`));
      const { figures, batches, days } = (await bench.json('mq history')) as {
        readonly figures: Readonly<Record<string, number>>;
        readonly batches: readonly { readonly batch: number; readonly culprit: string }[];
        readonly days: readonly { readonly landed: number }[];
      };
      assert.deepEqual([figures['landed'], figures['medianMinutes']], [2, 15]);
      assert.deepEqual([batches[0]?.batch, batches[0]?.culprit, days[0]?.landed], [7, 'mr-00009', 2]);
    });

    it('says what is flaky, until it is forgotten', async () => {
      const { control } = bench;
      const flaky = learnFlip({}, { check: 'test', tests: ['rounds up'], tree: 't', at: control.now });
      bench.control.state = { ...control.state, queue: { ...control.state.queue, flaky } };
      assert.match(await bench.ok('mq history'), /Flaky.*\n.*LAST.*\n.* 1 +test +rounds up$/);
      const shown = (await bench.json('mq history')) as { readonly flaky: readonly unknown[] };
      const last = new Date(control.now).toISOString();
      assert.deepEqual(shown.flaky, [{ check: 'test', test: 'rounds up', times: 1, last, bead: null }]);
      await bench.scene.say({ type: 'forgetFlaky', check: 'test', test: 'rounds up' });
      assert.doesNotMatch(await bench.ok('mq history'), /rounds up/);
    });
  });
});
