import assert from 'node:assert/strict';
import { type Stretch, aftermathOf, nextPoint, redPoint, stretchOf } from '../../../src/town/redTarget.ts';
import type { BeadId, RequestId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { reason } from '../../../src/town/reason.ts';
import type { AfterLanding } from '../../../src/town/aftermath.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('what a red target is looked for in', () => {
  const point = (n: number, request: RequestId | null = null): Stretch['points'][number] => {
    return { commit: say.commitId(n), tree: `tree ${String(n)}`, request };
  };
  /** Runs as often as is asked for; returns who is found, and in how many runs. */
  const found = (red: number, count: number, isKnown = true): readonly (number | null | undefined)[] => {
    const points = Array.from({ length: count }, (_, n) => point(n, say.requestId(n)));
    const stretch = { points, isKnown };
    const results = new Map<number, boolean>();
    for (let next = nextPoint(stretch, results); next !== null; next = nextPoint(stretch, results))
      results.set(next, next < red);
    const place = redPoint(stretch, results);
    return [place?.request === say.requestId(place?.place ?? -1) ? place.place : null, results.size];
  };

  it('takes one run where it is green', () => {
    assert.deepEqual(found(99, 8), [null, 1]);
  });

  it('is found with few runs, wherever it is', () => {
    for (let red = 0; red < 16; red += 1) {
      const [place, runs = 99] = found(red, 16);
      assert.equal(place, red);
      assert.ok((runs ?? 99) <= 6, String(runs));
    }
  });

  it('is nobody in particular where nothing before is known to be green', () => {
    assert.deepEqual(found(3, 8, false), [null, 1]);
  });

  it('is nothing where the tip was proven', () => {
    assert.deepEqual(
      [
        nextPoint({ points: [], isKnown: true }, new Map()),
        redPoint({ points: [], isKnown: true }, new Map()),
      ],
      [null, null],
    );
  });
});

describe('a target after something landed', () => {
  let town: Scene;
  let bead: BeadId;

  const withSetting = (afterLanding: AfterLanding): void => {
    town = new Scene();
    town.queue = { ...defaultQueueSettings, afterLanding };
    [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead, say.commitId(20));
    town.provenToLand(bead, say.commitId(21));
    town.land(bead);
    town.tick();
  };
  const look = (): number => aftermathOf(town.state).look?.at ?? assert.fail('nobody looks');
  /** Something moved it, and the look found that landing. */
  const turnedRed = (request: RequestId | null = town.request(bead).id): void => {
    town.tell({ type: 'refreshQueue' });
    town.tick();
    const red = { commit: say.commitId(21), request, failed: say.failed };
    town.tell({ type: 'targetChecked', look: look(), red });
    town.tick();
  };
  const needs = (): readonly string[] => needsYou(town.state).map((need) => need.kind);
  const entered = (n: number): RequestId => {
    const request = say.requestId(n);
    const landing = town.request(bead).id;
    town.tell({
      ...{
        type: 'enterBranch',
        request,
        bead: say.beadId(n),
        draft: say.draft('Revert'),
        branch: `r${String(n)}`,
      },
      ...{ approval: 'rule', reverts: landing },
      evidence: { ...say.evidence(say.commitId(n)), commit: say.commitId(n) },
    });
    town.tell({ type: 'targetReverted', landing, reason: null });
    return request;
  };

  it('is not looked at when it is off', () => {
    withSetting('off');
    town.tell({ type: 'refreshQueue' });
    town.tick();
    assert.deepEqual(
      town.due().filter((one) => one === 'checkTarget'),
      [],
    );
  });

  it('is looked at once, while nothing else is proven', () => {
    withSetting('check');
    town.tell({ type: 'refreshQueue' });
    town.tick();
    assert.ok(town.due().includes('checkTarget'));
    const [other] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(other, say.commitId(30));
    assert.ok(!town.due().includes('checkTarget'), 'its runs come after those of a batch');
    town.assembled([], [say.commitId(31)]);
    town.ran();
    town.landed();
    assert.ok(town.due().includes('checkTarget'));
    // Nobody knew what the batch was merged onto, so it is looked at once more.
    for (let round = 0; round < 2; round += 1) {
      town.tell({ type: 'targetChecked', look: look(), red: null });
      town.tick();
    }
    assert.ok(!town.due().includes('checkTarget'));
  });

  it('waits for its person when it is red, who may take back the landing that did it', () => {
    withSetting('check');
    turnedRed();
    assert.deepEqual(needs(), ['red']);
    assert.ok(!town.due().includes('revertLanding'));
    turnedRed(null);
    const [need] = needsYou(town.state);
    assert.equal(need?.kind === 'red' ? need.reason.code : null, 'target_broken');
  });

  it('has it taken back by itself once, and never what takes something back', () => {
    withSetting('revert');
    turnedRed();
    assert.ok(town.due().includes('revertLanding'));
    const revert = entered(400);
    assert.deepEqual([town.state.requests[revert]?.approval, needs()], ['rule', []]);
    town.tick();
    assert.ok(!town.due().includes('revertLanding'), 'one is under way');
    town.assembled([], [say.commitId(401)]);
    town.ran();
    town.landed();
    assert.equal(town.state.requests[revert]?.stage, 'landed');
    turnedRed(revert);
    assert.ok(!town.due().includes('revertLanding'), 'what takes one back is a person\u2019s to judge');
    assert.deepEqual(needs(), ['red']);
  });

  it('is its person\u2019s where it cannot be taken back, and is not tried again', () => {
    withSetting('revert');
    turnedRed();
    const landing = town.request(bead).id;
    town.tell({
      type: 'targetReverted',
      landing,
      reason: reason('revert_conflict', { target: 'main', files: ['a'] }),
    });
    town.tick();
    assert.ok(!town.due().includes('revertLanding'));
    const [need] = needsYou(town.state);
    assert.equal(need?.kind === 'red' ? need.reason.code : null, 'revert_conflict');
    turnedRed();
    assert.ok(!town.due().includes('revertLanding'));
  });

  it('goes on with the taking back where the red target had stopped the queue', () => {
    withSetting('revert');
    const [other] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(other, say.commitId(30));
    town.tell({
      type: 'notAssembled',
      batch: town.batch().id,
      reason: reason('target_red', { target: 'main' }),
    });
    town.tick();
    const red = { commit: say.commitId(21), request: town.request(bead).id, failed: say.failed };
    town.tell({ type: 'targetChecked', look: look(), red });
    town.tick();
    const revert = entered(400);
    town.tick();
    assert.equal(town.batch().line[0], revert, 'before all that stands on what is broken');
  });

  it('takes a proof of one commit on, and nothing that comes late', () => {
    withSetting('check');
    town.tell({ type: 'refreshQueue' });
    town.tick();
    const at = look();
    town.tell({ type: 'treeProven', look: at, tree: 'tree x', basis: 'b1', checks: [say.passed] });
    const way = [say.commitId(50), say.commitId(49)].map((commit, n) => ({
      commit,
      tree: n === 0 ? 'tree y' : 'tree x',
    }));
    const { points, isKnown } = stretchOf(town.state, way, 'b1');
    assert.deepEqual([points.map(({ commit }) => commit), isKnown], [[say.commitId(50)], true]);
    assert.equal(stretchOf(town.state, way, 'b2').isKnown, false);
    town.tell({ type: 'targetChecked', look: at, red: null });
    assert.equal(town.refused({ type: 'targetChecked', look: at, red: null }), 'late_report');
  });
});
