import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { archiveAfterMs } from '../../../src/town/decide/archive.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('a bead that ended', () => {
  let town: Scene;
  beforeEach(() => {
    town = new Scene();
  });

  const laterBy = (ms: number): void => {
    town.now += ms;
    town.tell(say.tick(0));
  };
  const cancel = (...beads: readonly BeadId[]): void => {
    for (const bead of beads) town.tell({ type: 'cancelBead', bead });
  };

  it('stays for 30 days and then goes to the archive, its convoy with it', () => {
    const [one, two] = town.convoy([{}, {}]) as [BeadId, BeadId];
    cancel(one, two);
    laterBy(archiveAfterMs - 10_000);
    assert.equal(Object.keys(town.state.beads).length, 2);
    laterBy(20_000);
    assert.deepEqual(town.state.beads, {});
    assert.deepEqual(town.state.convoys, {});
  });

  it('waits for the rest of its convoy, so that progress stays true', () => {
    const [one, two] = town.convoy([{}, {}]) as [BeadId, BeadId];
    cancel(one);
    laterBy(archiveAfterMs + 10_000);
    assert.deepEqual(Object.keys(town.state.beads), [one, two]);
  });

  it('stays as long as an open bead depends on it', () => {
    const [one] = town.convoy([{}]) as [BeadId];
    const [two] = town.convoy([{ dependencies: [one] }]) as [BeadId];
    cancel(one);
    laterBy(archiveAfterMs + 10_000);
    assert.deepEqual(Object.keys(town.state.beads), [one, two]);
    cancel(two);
    laterBy(archiveAfterMs + 10_000);
    assert.deepEqual(town.state.beads, {});
  });

  it('stays as long as a bead depends on it that stays for another reason', () => {
    const [first] = town.convoy([{}]) as [BeadId];
    const [second, open] = town.convoy([{ dependencies: [first] }, {}]) as [BeadId, BeadId];
    cancel(first, second);
    laterBy(archiveAfterMs + 10_000);
    assert.deepEqual(Object.keys(town.state.beads), [first, second, open]);
  });

  it('goes with the whole of a convoy, however large', () => {
    const beads = town.convoy(Array.from({ length: 250 }, () => ({})));
    cancel(...beads);
    laterBy(archiveAfterMs + 10_000);
    assert.deepEqual(town.state.beads, {});
    assert.deepEqual(town.state.convoys, {});
  });

  it('takes its polecat, its requests and its questions along, and only once the worktree is cleared', () => {
    const [bead] = town.convoy([{}]) as [BeadId];
    town.atWork(bead);
    town.saysDone(bead);
    town.proven(bead);
    cancel(bead);
    laterBy(archiveAfterMs + 10_000);
    assert.equal(Object.keys(town.state.polecats).length, 1);
    town.ended(bead, { code: 0 });
    town.tell({ type: 'cleared', polecat: town.polecat(bead).id });
    laterBy(10_000);
    const { beads, polecats, requests, asks } = town.state;
    assert.deepEqual(
      { beads, polecats, requests, asks: Object.values(asks).filter((one) => one.bead !== null) },
      { beads: {}, polecats: {}, requests: {}, asks: [] },
    );
  });
});
