import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Action, actionKey, due } from '../../../src/town/action.ts';
import { type RigState, type TownEvent, emptyRig } from '../../../src/town/state.ts';
import { step } from '../../../src/town/step.ts';
import { stories } from './golden/stories.ts';
import { commandFor, walks } from './walk.ts';
import { adopt, confirm } from './words.ts';

type Kinds = readonly TownEvent['type'][];

/**
 * Every effect outside has a durable intent before it and an outcome after it. Intents and outcomes are events of the
 * town: an action is due from the event that means it until one that says what came of it, or calls it off. A start
 * after a crash therefore finds in the folded state exactly what was left open.
 */
const effects: Readonly<Record<Action['type'], { readonly intents: Kinds; readonly outcomes: Kinds }>> = {
  house: {
    intents: ['polecat.created', 'town.started'],
    outcomes: ['polecat.housed', 'polecat.retired', 'town.stopped'],
  },
  launch: {
    intents: ['session.opened', 'town.started'],
    outcomes: ['session.started', 'session.ended', 'session.leaving', 'town.stopped', 'bead.moved'],
  },
  attend: {
    intents: ['session.started', 'session.leaving', 'town.stopped', 'bead.moved'],
    outcomes: ['session.ended', 'town.started'],
  },
  endSession: {
    intents: ['session.leaving', 'town.stopped', 'bead.moved'],
    outcomes: ['session.ended', 'town.started'],
  },
  proveDone: { intents: ['bead.moved', 'town.started'], outcomes: ['bead.moved', 'town.stopped'] },
  optimize: {
    intents: ['bead.moved', 'town.started', 'rig.unparked', 'convoy.released', 'bead.filed'],
    outcomes: ['bead.moved', 'town.stopped', 'rig.parked', 'convoy.held', 'bead.filed'],
  },
  clear: { intents: ['polecat.retired'], outcomes: ['polecat.cleared'] },
  resolve: {
    intents: ['polecat.resolving', 'town.started'],
    outcomes: ['polecat.resolving', 'bead.moved', 'polecat.retired', 'town.stopped'],
  },
  assemble: {
    intents: ['batch.formed', 'town.started'],
    outcomes: ['batch.assembled', 'batch.ended', 'town.stopped'],
  },
  proveTip: {
    intents: ['batch.running', 'town.started'],
    outcomes: ['batch.ran', 'batch.running', 'batch.ended', 'town.stopped'],
  },
  trace: {
    intents: ['trace.running', 'town.started'],
    outcomes: ['trace.ran', 'trace.ended', 'trace.running', 'batch.formed', 'town.stopped'],
  },
  push: {
    intents: ['batch.landed', 'queue.resumed', 'town.started'],
    outcomes: ['queue.pushed', 'queue.notPushed', 'batch.landed', 'town.stopped'],
  },
  checkTarget: {
    intents: ['target.looking', 'batch.ended', 'town.started'],
    outcomes: ['target.green', 'target.red', 'batch.formed', 'town.stopped'],
  },
  revertLanding: {
    intents: ['target.reverting', 'town.started'],
    outcomes: ['target.reverted', 'town.stopped'],
  },
  offer: {
    intents: ['request.offered', 'town.started'],
    outcomes: [
      ...(['request.opened', 'request.notOffered', 'request.landed'] as const),
      ...(['request.moved', 'town.stopped'] as const),
    ],
  },
  watchOffers: {
    intents: ['request.opened', 'queue.asked', 'town.started'],
    outcomes: ['request.landed', 'request.moved', 'queue.asked', 'town.stopped'],
  },
  land: {
    intents: ['batch.landing', 'town.started'],
    outcomes: ['batch.landed', 'batch.ended', 'town.stopped'],
  },
};

describe('an effect outside', () => {
  it('is due from its intent to its outcome, both of them events', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(walks, (draws) => {
        let state: RigState = emptyRig;
        [adopt, confirm, ...draws].forEach((one, turn) => {
          const result = step(state, 'kind' in one ? commandFor(state, one, turn) : { ...one, at: turn });
          if (!result.ok) return;
          const types = new Set(result.events.map((event) => event.type));
          compare(due(state), due(result.state), types, seen);
          state = result.state;
        });
      }),
      { numRuns: 150 },
    );
    for (const story of Object.values(stories)) {
      let state: RigState = emptyRig;
      for (const command of story()) {
        const result = step(state, command);
        if (!result.ok) continue;
        const types = new Set(result.events.map((event) => event.type));
        compare(due(state), due(result.state), types, seen);
        state = result.state;
      }
    }
    for (const type of Object.keys(effects)) {
      assert.ok(seen.has(`+${type}`) && seen.has(`-${type}`), `the walks never saw ${type} begin and end`);
    }
  });
});

function compare(
  before: readonly Action[],
  after: readonly Action[],
  events: ReadonlySet<TownEvent['type']>,
  seen: Set<string>,
): void {
  const had = new Set(before.map(actionKey));
  const has = new Set(after.map(actionKey));
  for (const action of after.filter((one) => !had.has(actionKey(one)))) {
    seen.add(`+${action.type}`);
    assert.ok(
      effects[action.type].intents.some((type) => events.has(type)),
      `${action.type} without intent: ${[...events].join()}`,
    );
  }
  for (const action of before.filter((one) => !has.has(actionKey(one)))) {
    seen.add(`-${action.type}`);
    assert.ok(
      effects[action.type].outcomes.some((type) => events.has(type)),
      `${action.type} without outcome: ${[...events].join()}`,
    );
  }
}
