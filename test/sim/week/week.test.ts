import assert from 'node:assert/strict';
import { type Outcome, play } from './play.ts';
import { type Policy, firstFree } from './policies.ts';
import { rigs } from './rigs.ts';
import { type Scenario, day, scenarios } from './scenario.ts';

/** The figure `sim.week` plays whole weeks; here is enough of one that a dispatch that sees nothing ahead stands out. */
const scenario: Scenario = { ...scenarios.scarce, goals: 110 };
const seeds = [1, 2];

function played(policy: () => Policy): readonly Outcome[] {
  return seeds.map((seed) => play(scenario, seed, policy, undefined, 2 * day));
}

function sum(outcomes: readonly Outcome[], of: keyof Outcome): number {
  return outcomes.reduce((all, one) => all + one[of], 0);
}

describe('two days of scarce accounts', () => {
  let ours: readonly Outcome[] = [];
  let theirs: readonly Outcome[] = [];
  before(() => {
    ours = played(rigs);
    theirs = played(firstFree);
  });

  it('are spent with few launches that meet a limit, where taking the first free account meets one after the other', () => {
    const part = (all: readonly Outcome[]): number => sum(all, 'limited') / sum(all, 'launches');
    assert.ok(part(theirs) > 0.2, `first-free: ${part(theirs).toFixed(3)}`);
    assert.ok(part(ours) < 0.05, `Rigs: ${part(ours).toFixed(3)}`);
  });

  it('bring more merged beads for every window that is drawn, and not fewer in all', () => {
    const perWindow = (all: readonly Outcome[]): number => sum(all, 'merged') / sum(all, 'windows');
    assert.ok(
      perWindow(ours) > 1.15 * perWindow(theirs),
      `${String(perWindow(ours))} ${String(perWindow(theirs))}`,
    );
    assert.ok(sum(ours, 'merged') > 0.95 * sum(theirs, 'merged'));
  });
});
