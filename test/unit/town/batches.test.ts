import assert from 'node:assert/strict';
import { learn, noOutcomes } from '../../../src/town/failureRate.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { type Batch, emptyQueue, runsOf } from '../../../src/town/queue.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { reason } from '../../../src/town/reason.ts';
import type { Trace } from '../../../src/town/trace.ts';
import { fold } from '../../../src/town/state.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('a batch of the merge queue', () => {
  let town: Scene;
  let beads: readonly BeadId[];
  const at = (place: number): BeadId => beads[place - 1] ?? say.beadId(404);
  const stages = (): readonly string[] => beads.map((one) => town.request(one).stage);
  const waiting = (): Batch | null => town.state.queue.batch;

  beforeEach(() => {
    town = new Scene();
    town.queue = { ...defaultQueueSettings, slots: 1, landFlaky: false };
    // What it learned of this rig: hardly anything fails.
    town.state = { ...town.state, queue: { ...emptyQueue, outcomes: learn(noOutcomes, 60, 0) } };
    beads = town.lined(5);
  });

  /** Until the batch is over: what holds a request from `red` on fails. Returns how often the checks ran. */
  function proves(red: number): number {
    const { id } = town.batch();
    let runs = 0;
    for (let round = 0; round < 30 && waiting()?.id === id; round += 1) {
      const { landing, chain } = town.batch();
      runs = runsOf(town.batch());
      if (chain === null) town.assembled();
      else if (landing !== null) town.landed();
      else runs += town.ran(red).length;
    }
    assert.notEqual(waiting()?.id, id, 'it never ends');
    return runs;
  }

  it('lands all of a line after one run on its tip, each with the commit it was merged as', () => {
    assert.equal(town.batch().line.length, 5);
    assert.equal(proves(Infinity), 1);
    assert.ok(beads.every((one) => town.bead(one).status === 'completed'));
    const landed = beads.map((one) => town.bead(one).landed);
    assert.equal(new Set(landed).size, 5);
    assert.deepEqual(
      beads.map((one) => town.request(one).candidate?.commit),
      landed,
    );
    assert.equal(town.request(at(1)).candidate?.tip, landed[4], 'it says whose checks were green');
    assert.equal(town.request(at(5)).candidate?.tip, undefined);
  });

  it('narrows a red one down to the request that fails, lands those before it and proves those behind it anew', () => {
    const runs = proves(3);
    assert.ok(runs <= 4, `${String(runs)} runs`);
    assert.deepEqual(stages(), ['landed', 'landed', 'failed', 'proving', 'proving']);
    const { reason: why, bead } = town.request(at(3));
    assert.deepEqual(
      [why?.code, why?.facts['name'], why?.facts['output']],
      ['landing_check_failed', 'test', '/o/1-test.log'],
    );
    assert.equal(town.bead(bead).status, 'in_progress');
    const { session, wants } = town.polecat(at(3));
    assert.equal(session?.purpose ?? wants?.purpose, 'revise');
    assert.equal(town.batch().line.length, 2);
    assert.equal(proves(Infinity), 1);
    assert.deepEqual(stages(), ['landed', 'landed', 'failed', 'landed', 'landed']);
  });

  it('lets land what lands just now when its work fails for good, and pushes that, before it stops', () => {
    town.queue = { ...defaultQueueSettings, slots: 1 };
    town.assembled();
    town.ran();
    const { id, landing, target } = town.batch();
    assert.ok(landing !== null);
    town.tell({ type: 'notAssembled', batch: id, reason: reason('git_failed', { message: 'Disk full.' }) });
    town.tick();
    assert.equal(town.request(at(1)).stage, 'landing');
    town.tell({ type: 'landed', batch: id, length: landing, push: true });
    town.tick();
    assert.equal(town.request(at(1)).stage, 'landed');
    const { paused, unpushed, batch } = town.state.queue;
    assert.deepEqual([paused?.reason?.code, unpushed?.target, batch], ['git_failed', target, null]);
  });

  it('offers nothing that landed while its person chose pull requests', () => {
    for (const one of beads.slice(1)) town.tell({ type: 'cancelBead', bead: one });
    town.tick();
    town.assembled();
    town.ran();
    const { id, landing } = town.batch();
    assert.equal(landing, 1);
    town.queue = { ...defaultQueueSettings, style: 'pullRequest' };
    town.tick();
    assert.equal(town.request(at(1)).stage, 'landing', 'what lands just now is let land');
    town.tell({ type: 'landed', batch: id, length: 1 });
    town.tick();
    assert.equal(town.request(at(1)).stage, 'landed');
  });

  it('says so where it is the remote that brought what is red', () => {
    town.assembled();
    const queue = town.state.queue;
    const chain = { ...(town.batch().chain ?? assert.fail()), base: say.commitId(990) };
    town.state = { ...town.state, queue: { ...queue, batch: { ...town.batch(), chain } } };
    for (let round = 0; round < 20 && waiting() !== null; round += 1) town.ran(0);
    const why = town.state.queue.paused?.reason;
    assert.deepEqual([why?.code, why?.facts['remote']], ['target_red', say.commitId(990)]);
  });

  it('gives nothing back where the target itself is red: it stops, and says so to its person', () => {
    const before = town.batch().id;
    for (let round = 0; round < 20 && waiting() !== null; round += 1) {
      if (town.batch().chain === null) town.assembled();
      else town.ran(0);
    }
    assert.deepEqual(stages(), ['queued', 'queued', 'queued', 'queued', 'queued']);
    const [need] = needsYou(town.state);
    assert.deepEqual([need?.kind, need?.kind === 'queue' ? need.reason.code : ''], ['queue', 'target_red']);
    assert.deepEqual(town.why(at(1)).code, 'target_red');
    assert.deepEqual(town.due(), []);
    town.tell({ type: 'resumeQueue' });
    town.tick();
    assert.ok(town.batch().id > before);
  });

  it('asks about the target once: what it proved since is known to be green', () => {
    proves(1);
    const { past } = town.state.queue;
    assert.equal(past.at(-1)?.culprit, town.request(at(1)).id);
    const runs: number[][] = [];
    town.assembled();
    for (let round = 0; round < 20 && waiting()?.line.includes(town.request(at(2)).id) === true; round += 1)
      runs.push([...town.ran(1)]);
    assert.ok(!runs.flat().includes(0), runs.join(' | '));
    assert.equal(town.request(at(2)).stage, 'failed');
  });

  it('blames no more than a few where all fail by now, also the target that was green once', () => {
    proves(Infinity);
    beads = town.lined(9, 300);
    for (let round = 0; round < 80 && waiting() !== null; round += 1) {
      if (town.batch().chain === null) town.assembled();
      else town.ran(0);
    }
    assert.equal(town.state.queue.paused?.reason?.code, 'target_red');
    assert.ok(stages().filter((one) => one === 'failed').length <= 4, stages().join());
  });

  it('gives back what alone makes a check unrunnable, and goes on', () => {
    const unrunnable = { ...say.failed, outcome: 'not_runnable', exitCode: null } as const;
    const { id, line } = town.batch();
    for (let round = 0; round < 20 && waiting()?.id === id; round += 1) {
      const { chain, landing, running } = town.batch();
      if (chain === null) town.assembled();
      else if (landing !== null) town.landed();
      else {
        const length = running[0] ?? 0;
        town.tell({ type: 'ran', batch: id, length, checks: [length >= 1 ? unrunnable : say.passed] });
        town.tick();
      }
    }
    assert.equal(town.state.requests[line[0] ?? say.requestId(0)]?.stage, 'failed');
    assert.equal(town.state.queue.paused, null);
  });

  it('stops where a check cannot be run at all', () => {
    town.assembled();
    for (let round = 0; round < 9 && waiting() !== null; round += 1) {
      const { id, running } = town.batch();
      const checks = [{ ...say.failed, outcome: 'not_runnable', exitCode: null } as const];
      town.tell({ type: 'ran', batch: id, length: running[0] ?? 0, checks });
      town.tick();
    }
    assert.equal(town.state.queue.paused?.reason?.code, 'check_not_runnable');
    assert.ok(stages().every((one) => one === 'queued'));
  });

  it('gives back what conflicts with the target, keeps what conflicts with one before it for later, and completes what is in the target already', () => {
    const word = say.assembled(
      town.state,
      town.batch(),
      [1, 2, 3].map((place) => town.request(at(place)).id),
    );
    assert.ok(word.type === 'assembled');
    const [conflict, later, inside] = word.conflicts;
    assert.ok(conflict !== undefined && later !== undefined && inside !== undefined);
    const wait = reason('conflicts_in_line', { request: null, title: 'x', files: ['a'] });
    town.tell({
      ...word,
      conflicts: [conflict],
      postponed: [{ ...later, reason: wait }],
      contained: [{ request: inside.request, commit: say.commitId(7) }],
    });
    assert.deepEqual(stages(), ['conflict', 'queued', 'landed', 'proving', 'proving']);
    assert.equal(town.why(at(2)).code, 'conflicts_in_line');
    assert.equal(town.bead(at(3)).landed, say.commitId(7));
    town.tick();
    town.ran();
    town.landed();
    assert.deepEqual(town.batch().line, [town.request(at(2)).id]);
  });

  it('does not run again what the same checks and tools proved on the same tree', () => {
    const [own] = town.convoy([{}]) as [BeadId];
    proves(Infinity);
    town.delivered(own, say.commitId(200));
    town.provenToLand(own, say.commitId(201));
    assert.equal(town.request(own).stage, 'ready');
    town.tell({ type: 'approve', request: town.request(own).id });
    town.tick();
    town.assembled([], [say.commitId(201)]);
    assert.ok(town.due().includes('land') && !town.due().includes('proveTip'));
  });

  it('is begun anew without the one that a person takes out of it, and keeps what was said to the others', () => {
    town.assembled();
    const { id } = town.batch();
    const person = reason('person_said');
    town.tell({ type: 'eject', request: town.request(at(2)).id, ask: town.drawAsk(), reason: person });
    town.tick();
    assert.ok(town.batch().id > id);
    assert.equal(town.batch().line.length, 4);
    assert.equal(town.refused({ type: 'ran', batch: id, length: 5, checks: [] }), 'late_report');
  });

  it('is begun anew when the target or the checks are other ones, but not under what lands just now', () => {
    town.assembled();
    const { id } = town.batch();
    town.tell({ type: 'setTarget', target: 'next' });
    town.tick();
    assert.deepEqual([town.batch().id > id, town.batch().target], [true, 'next']);
    town.assembled();
    town.ran();
    const landing = town.batch();
    town.tell({ type: 'confirmChecks', checks: { ...say.checks, hash: 'h2' } });
    town.tick();
    assert.equal(town.batch().id, landing.id);
    town.landed();
    assert.ok(beads.every((one) => town.bead(one).status === 'completed'));
  });

  it('is begun anew when its checks start other programs by now', () => {
    town.assembled();
    const { id } = town.batch();
    town.tell({ type: 'outdated', batch: id });
    town.tick();
    assert.ok(town.batch().id > id);
    assert.equal(town.batch().line.length, 5);
  });

  it('waits while its person paused the queue, and goes on afterwards', () => {
    town.assembled();
    town.tell({ type: 'pauseQueue' });
    town.tick();
    assert.equal(waiting(), null);
    assert.deepEqual([town.why(at(1)).code, needsYou(town.state).length], ['queue_paused', 0]);
    town.tell({ type: 'resumeQueue' });
    town.tick();
    assert.equal(town.batch().line.length, 5);
  });

  it('tests each commit that lands where its person wants that', () => {
    town.queue = { ...defaultQueueSettings, slots: 2, landFlaky: false, everyCommitGreen: true };
    const runs = proves(4);
    // The fourth and the fifth, which ran beside it, and the target once.
    assert.ok(runs <= 6, `${String(runs)} runs`);
    assert.deepEqual(stages().slice(0, 4), ['landed', 'landed', 'landed', 'failed']);
    assert.ok(beads.slice(0, 3).every((one) => town.request(one).candidate?.tip === undefined));
  });

  it('begins with what its person put before all others', () => {
    town.tell({ type: 'moveToFront', request: town.request(at(4)).id });
    town.tell({ type: 'pauseQueue' });
    town.tick();
    town.tell({ type: 'resumeQueue' });
    town.tick();
    assert.equal(town.batch().line[0], town.request(at(4)).id);
  });

  it('proves anew where the target moved, and never lands over it', () => {
    town.assembled();
    town.ran();
    const { id } = town.batch();
    town.tell({ type: 'notLanded', batch: id, reason: reason('target_moved', { target: 'main' }) });
    town.tick();
    assert.ok(town.batch().id > id);
    assert.ok(stages().every((one) => one === 'proving'));
  });

  it('takes over what a queue without batches was in the middle of', () => {
    const old = new Scene();
    const [bead] = old.convoy([{}], 'auto') as [BeadId];
    old.tell({ type: 'pauseQueue' });
    old.delivered(bead);
    const { id } = old.request(bead);
    old.state = fold(old.state, { type: 'request.moved', request: id, to: 'landing', reason: null, at: 5 });
    old.tell({ type: 'resumeQueue' });
    old.tick();
    assert.deepEqual(old.batch().line, [id]);
  });

  describe('where a failure may be flaky', () => {
    beforeEach(() => {
      town.queue = { ...defaultQueueSettings, slots: 1 };
      town.assembled();
    });
    /** What holds the request at `place` fails, until it is doubted. */
    const narrowed = (place: number): void => {
      for (let round = 0; round < 9 && Object.keys(town.batch().doubts).length === 0; round += 1)
        if (town.batch().landing === null) town.ran(place);
        else town.landed();
    };

    it('runs the suspect once more, alone, and lands it when it passes on the same tree', () => {
      narrowed(5);
      assert.deepEqual(town.batch().running, [5]);
      town.ran();
      town.landed();
      assert.equal(town.request(at(5)).stage, 'landed');
      const [flaky] = Object.values(town.state.queue.flaky ?? {});
      assert.deepEqual([flaky?.check, flaky?.flips], ['test', 1]);
    });

    it('gives back what fails again', () => {
      narrowed(5);
      const { id } = town.batch();
      town.ran(5);
      assert.equal(town.request(at(5)).stage, 'failed');
      assert.deepEqual(town.state.queue.flaky, {});
      assert.notEqual(waiting()?.id, id);
    });

    it('doubts none that failed in a longer run too', () => {
      for (let round = 0; round < 9 && town.request(at(1)).stage === 'proving'; round += 1) {
        assert.deepEqual(town.batch().doubts, {});
        town.ran(1);
      }
      assert.equal(town.request(at(1)).stage, 'failed');
    });

    it('doubts one that failed by another test in the longer run', () => {
      for (let round = 0; round < 9 && Object.keys(town.batch().doubts).length === 0; round += 1) {
        const { id, running } = town.batch();
        const [length = 0] = running;
        const failedTests = [length === 1 ? 'a' : 'b'];
        town.tell({ type: 'ran', batch: id, length, checks: [{ ...say.failed, failedTests }] });
        town.tick();
      }
      assert.deepEqual(Object.keys(town.batch().doubts), ['1']);
    });
  });

  describe('with a culprit that passes alone', () => {
    const trace = (): Trace | undefined => town.state.queue.traces?.[0];
    /** Of the culprit: it passes with those before `place` of the line, and fails from there on. */
    const traced = (place: number): void => {
      for (let round = 0; round < 9 && trace() !== undefined; round += 1) {
        const { request, running } = trace() ?? {};
        if (request === undefined || running == null) break;
        town.tell({ type: 'traced', request, length: running, passed: running < place });
        town.tick();
      }
      assert.equal(trace(), undefined, 'it is never through');
    };

    beforeEach(() => {
      proves(4);
      // What came after it goes first: nothing waits for this.
      assert.equal(trace()?.running, null);
      proves(Infinity);
    });

    it('names the one of those that landed before it with which it fails', () => {
      const request = town.request(at(4)).id;
      assert.deepEqual(
        town.due().filter((one) => one !== 'clear' && one !== 'attend' && one !== 'launch'),
        ['trace'],
      );
      traced(2);
      assert.deepEqual(town.state.queue.pairs, [{ request, with: town.request(at(2)).id }]);
    });

    it('names none where it fails by itself, after one run', () => {
      const { request = say.requestId(0) } = trace() ?? {};
      assert.equal(trace()?.running, 0);
      town.tell({ type: 'traced', request, length: 0, passed: false });
      town.tick();
      assert.deepEqual([trace(), town.state.queue.pairs], [undefined, []]);
    });

    it('leaves it at once for what is to be proven', () => {
      const [more] = town.convoy([{}], 'auto') as [BeadId];
      town.delivered(more, say.commitId(300));
      assert.equal(trace()?.running, null);
      assert.ok(town.due().includes('assemble'));
    });
  });

  it('tells of a revert that landed: the bead whose landing it takes back waits to be done again', () => {
    proves(Infinity);
    const request = say.requestId(900);
    const draft = say.draft('Revert “bead 2”');
    const evidence = { ...say.evidence(say.commitId(901)), commit: say.commitId(901) };
    const enter = { type: 'enterBranch', request, bead: say.beadId(902), draft, evidence } as const;
    town.tell({ ...enter, branch: 'rigs/revert', reverts: town.request(at(2)).id });
    assert.equal(
      town.refused({ ...enter, request: say.requestId(903), bead: say.beadId(904), branch: 'rigs/revert' }),
      'already_exists',
    );
    town.tell({ type: 'approve', request });
    town.tick();
    town.assembled();
    town.ran();
    town.landed();
    assert.equal(town.bead(say.beadId(902)).status, 'completed');
    assert.ok(['queued', 'assigned'].includes(town.bead(at(2)).status));
  });

  it('lets a branch of a person fail whose checks fail: there is no agent to give it back to', () => {
    proves(Infinity);
    const [request, bead] = [say.requestId(900), say.beadId(902)];
    const evidence = { ...say.evidence(say.commitId(901)), commit: say.commitId(901) };
    town.tell({ type: 'enterBranch', request, bead, draft: say.draft('Mine'), evidence, branch: 'mine' });
    town.tick();
    town.assembled();
    for (let round = 0; round < 5 && waiting() !== null; round += 1) town.ran(1);
    assert.deepEqual([town.state.requests[request]?.stage, town.bead(bead).status], ['failed', 'failed']);
    // An agent would begin it anew, without what is on the branch.
    assert.equal(town.refused({ type: 'retryBead', bead }), 'not_now');
  });
});
