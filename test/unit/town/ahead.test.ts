import assert from 'node:assert/strict';
import { type Ahead, foreseen } from '../../../src/town/ahead.ts';
import { learn, noOutcomes } from '../../../src/town/failureRate.ts';
import { type Batch, commitOf, emptyQueue } from '../../../src/town/queue.ts';
import { defaultQueueSettings } from '../../../src/town/queueSettings.ts';
import { Scene } from './scene.ts';

const settings = { ...defaultQueueSettings, slots: 1, landFlaky: false };

describe('What comes after a run of the merge queue', () => {
  let town: Scene;

  beforeEach(() => {
    town = new Scene();
    town.queue = settings;
    town.state = { ...town.state, queue: { ...emptyQueue, outcomes: learn(noOutcomes, 12, 3) } };
  });

  const under = (): Batch | null => town.state.queue.batch;

  /** What the town then really wants to prove. */
  function comes(before: Batch): Ahead | null {
    const { batch } = town.state.queue;
    if (batch === null) return null;
    if (batch.id === before.id)
      return { kind: 'tips', tips: batch.running.flatMap((one) => commitOf(batch, one) ?? []) };
    return {
      kind: 'line',
      onto: commitOf(before, before.red === null ? before.line.length : before.green) ?? never(),
      line: batch.line,
    };
  }

  for (const [name, red] of [
    ['all is green', Infinity],
    ['the first fails', 1],
    ['one in the middle fails', 5],
    ['the last fails', 9],
  ] as const)
    it(`is told ahead as it comes, when ${name}`, () => {
      const beads = town.lined(9);
      const bad = beads[red - 1] === undefined ? null : town.request(beads[red - 1] ?? never()).id;
      let told = 0;
      for (let round = 0; round < 60 && under() !== null; round += 1) {
        const batch = town.batch();
        if (batch.chain === null) town.assembled();
        else if (batch.landing !== null) town.landed();
        else {
          const [length = never()] = batch.running;
          const ahead = foreseen(town.state, batch, length, settings, town.now);
          town.ran(bad === null || !batch.line.includes(bad) ? Infinity : batch.line.indexOf(bad) + 1);
          const then = under();
          // The target itself is looked at before the first of a line is blamed.
          if (length === 0 || (then?.id === batch.id && then.running.includes(0))) continue;
          if (then?.landing != null) town.landed();
          const really = comes({ ...batch, ...(then?.id === batch.id ? then : lastOf(batch, bad)) });
          if (really === null) continue;
          assert.ok(
            ahead.some((one) => JSON.stringify(one) === JSON.stringify(really)),
            `${JSON.stringify(really)} is none of ${JSON.stringify(ahead)}`,
          );
          told += 1;
        }
      }
      assert.ok(told > 0, 'nothing came after any run');
    });

  /** How far a batch that is over had come. */
  function lastOf({ line }: Batch, bad: string | null): Pick<Batch, 'green' | 'red'> {
    const place = line.findIndex((one) => one === bad);
    return place < 0 ? { green: line.length, red: null } : { green: place, red: place + 1 };
  }

  it('names the likelier end first', () => {
    town.lined(9);
    town.assembled();
    const [first] = foreseen(
      town.state,
      town.batch(),
      town.batch().running[0] ?? never(),
      settings,
      town.now,
    );
    assert.equal(first?.kind, 'line', 'most of so few are green');
  });

  it('tells nothing where every commit is tested, nor what is proven for nobody yet', () => {
    town.lined(3);
    town.assembled();
    const batch = town.batch();
    assert.deepEqual(foreseen(town.state, batch, 1, { ...settings, everyCommitGreen: true }, town.now), []);
    assert.deepEqual(foreseen(town.state, { ...batch, lands: false }, 1, settings, town.now), []);
  });
});

function never(): never {
  throw new Error('not there');
}
