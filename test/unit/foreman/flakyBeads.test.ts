import assert from 'node:assert/strict';
import { FlakyBeads } from '../../../src/foreman/flakyBeads.ts';
import type { Line } from '../../../src/foreman/hands/context.ts';
import type { Bead } from '../../../src/town/bead.ts';
import { learnFlip } from '../../../src/town/flaky.ts';
import { feedLine } from '../../../src/words/feed.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { settled } from '../../fakes/manualClock.ts';
import { Scene } from '../town/scene.ts';
import * as say from '../town/words.ts';
import { World } from './world.ts';

/** A town in which tests turn out to be flaky, and what is made of it. */
class FlakyTown {
  readonly town = new Scene();
  readonly lines: Line[] = [];
  readonly failures: unknown[] = [];
  readonly beads = this.watch();
  #drawn = 500;

  watch(): FlakyBeads {
    return new FlakyBeads({
      clock: { now: () => this.town.now },
      ids: { bead: () => say.beadId((this.#drawn += 1)), convoy: () => say.convoyId((this.#drawn += 1)) },
      state: () => this.town.state,
      wish: (wish) => {
        this.town.tell(wish);
        return Promise.resolve({ ok: true });
      },
      say: (line) => this.lines.push(line),
      failed: (error) => this.failures.push(error),
    });
  }

  /** Without anybody who looks. */
  happened(tests: readonly string[], tree = 'tree-1'): void {
    const { state, now } = this.town;
    const queue = state.queue;
    const flip = { check: 'test', tests, tree, at: now };
    this.town.state = { ...state, queue: { ...queue, flaky: learnFlip(queue.flaky ?? {}, flip) } };
  }

  async flipped(tests: readonly string[], tree?: string): Promise<void> {
    const before = this.town.state;
    this.town.now += 1_000;
    this.happened(tests, tree);
    this.beads.learned(before);
    await settled();
    assert.deepEqual(this.failures, []);
  }

  made(): readonly Bead[] {
    return Object.values(this.town.state.beads);
  }
}

describe('A test that is flaky', () => {
  it('is reported as a bead that no agent gets before a person releases its convoy', async () => {
    const one = new FlakyTown();
    await one.flipped(['adds\u001b[2J up']);
    const [bead] = one.made();
    assert.ok(bead !== undefined);
    assert.match(bead.title, /^Mend the flaky test “adds.* up” of check test$/);
    assert.deepEqual([bead.type, bead.priority, bead.labels[0]], ['debug', 'low', 'flaky']);
    assert.match(bead.description, /once so far, the last time at 1970-.*\n\n.*: tree-1\./);
    assert.ok(!bead.title.includes('\u001b') && !bead.description.includes('\u001b'));
    one.town.tick();
    assert.equal(one.town.why(bead.id).code, 'convoy_held');
    const [line] = one.lines;
    assert.ok(line !== undefined);
    assert.match(
      feedLine({ what: line.what, facts: line.facts ?? {}, why: null, polecat: null }, plainEnglish),
      /It failed and passed on the same files: “Mend the flaky test .*” waits in the convoy “Flaky checks”/,
    );
  });

  it('has one bead while that is open, however often it flips, and all share one held convoy', async () => {
    const one = new FlakyTown();
    await one.flipped(['a', 'b']);
    await one.flipped(['a'], 'tree-2');
    await one.flipped([]);
    assert.deepEqual(
      one.made().map(({ title }) => title),
      [
        'Mend the flaky test “a” of check test',
        'Mend the flaky test “b” of check test',
        'Mend the flaky check test',
      ],
    );
    assert.equal(new Set(one.made().map(({ convoy }) => convoy)).size, 1);
    assert.equal(Object.keys(one.town.state.convoys).length, 1);
  });

  it('is known by more than the title of its bead, which a person may word anew', async () => {
    const one = new FlakyTown();
    await one.flipped(['a']);
    const [bead] = one.made();
    one.town.tell({ type: 'editBead', bead: bead?.id ?? say.beadId(0), changes: { title: 'Mine' } });
    await one.flipped(['a']);
    assert.equal(one.made().length, 1);
  });

  it('gets another bead when it flips again after its bead ended, in a convoy that is held again', async () => {
    const one = new FlakyTown();
    await one.flipped(['a']);
    const [bead] = one.made();
    assert.ok(bead?.convoy != null);
    one.town.tell({ type: 'releaseConvoy', convoy: bead.convoy });
    one.town.tell({ type: 'cancelBead', bead: bead.id });
    one.beads.begin();
    await settled();
    assert.equal(one.made().length, 1, 'what happened before it ended is over');
    await one.flipped(['a'], 'tree-2');
    const [, again] = one.made();
    assert.match(again?.description ?? '', /2 times so far/);
    assert.equal(one.town.state.convoys[again?.convoy ?? say.convoyId(0)]?.held, true);
  });

  it('is one of at most 20 that wait to be mended', async () => {
    const one = new FlakyTown();
    for (let place = 0; place < 25; place += 1) await one.flipped([`test ${String(place)}`]);
    assert.equal(one.made().length, 20);
  });

  it('is reported by the next window when this one ended before it could', async () => {
    const one = new FlakyTown();
    one.happened(['a']);
    one.watch().begin();
    await settled();
    assert.equal(one.made().length, 1);
    one.town.now += 2 * 3_600_000;
    const late = new FlakyTown();
    late.happened(['a']);
    late.town.now += 2 * 3_600_000;
    late.watch().begin();
    await settled();
    assert.equal(late.made().length, 0);
  });

  it('is reported by the foreman when a doubted run passes', async () => {
    const world = await World.ready();
    const [first, second] = [await world.sling('One'), await world.sling('Other')];
    for (const bead of [first, second]) await world.until(() => world.polecat(bead).state === 'working');
    await world.work(first, ['src/a.js']);
    await world.reaches(first, 'completed');
    let runs = 0;
    world.red.has = () => (runs += 1) === 2;
    await world.work(second, ['src/b.js']);
    await world.reaches(second, 'completed');
    await world.until(() => Object.values(world.foreman.state.beads).length === 3);
    const bead = Object.values(world.foreman.state.beads).at(-1);
    assert.deepEqual([bead?.title, bead?.status], ['Mend the flaky check test', 'queued']);
  });
});
