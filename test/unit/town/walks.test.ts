import assert from 'node:assert/strict';
import fc from 'fast-check';
import { due } from '../../../src/town/action.ts';
import { isOpen } from '../../../src/town/bead.ts';
import { contestOf, standingOf, waitsForPick } from '../../../src/town/contest.ts';
import type { Command } from '../../../src/town/command.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { beadOfNeed, needsYou } from '../../../src/town/needsYou.ts';
import { takesSlot } from '../../../src/town/polecat.ts';
import { type RigState, emptyRig } from '../../../src/town/state.ts';
import { type Step, step } from '../../../src/town/step.ts';
import { whyAll } from '../../../src/town/why.ts';
import { helpAlong, isThrough } from './help.ts';
import { assertDue, broken, refold } from './invariants.ts';
import { type Draw, commandFor, contested, walks } from './walk.ts';
import { adopt, confirm, seat } from './words.ts';

interface Turn {
  readonly before: RigState;
  readonly command: Command;
  readonly result: Step;
  readonly after: RigState;
}

/** Walks a town, most often one that is set up, and looks at every turn. */
function walk(draws: readonly Draw[], look: (turn: Turn) => void): RigState {
  let state = emptyRig;
  const { a = 0, b = 0 } = draws[0] ?? {};
  const setUp = a % 8 === 0 ? [] : [adopt, confirm, ...(b % 3 === 0 ? contested : [])];
  const commands = [...setUp, ...draws];
  commands.forEach((one, turn) => {
    const command = 'kind' in one ? commandFor(state, one, turn) : { ...one, at: turn };
    const before = state;
    const result = step(state, command);
    if (result.ok) state = result.state;
    look({ before, command, result, after: state });
  });
  return state;
}

/** Enough for every change; `RIGS_WALKS=20000` looks for what only long luck finds. */
const runs = Number(process.env['RIGS_WALKS'] ?? 150);

const property = (look: (turn: Turn) => void): void => {
  fc.assert(
    fc.property(walks, (draws) => {
      walk(draws, look);
    }),
    { numRuns: runs },
  );
};

describe('a town under any sequence of commands', function () {
  this.timeout(30_000 + runs * 100);

  it('never reaches an illegal state', () => {
    property(({ after, command }) => {
      assert.deepEqual(broken(after), [], command.type);
    });
  });

  it('moves beads only by the transition table, hands out only new tokens, and starts nothing while stopped', () => {
    property(({ before, result }) => {
      if (result.ok) assert.deepEqual(refold(before, result.events), result.state);
    });
  });

  it('is plain JSON, and the fold of all its events', () => {
    fc.assert(
      fc.property(walks, (draws) => {
        let folded = emptyRig;
        const state = walk(draws, ({ result }) => {
          if (result.ok)
            folded = refold(folded, JSON.parse(JSON.stringify(result.events)) as typeof result.events);
        });
        assert.deepEqual(folded, state);
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      }),
      { numRuns: runs },
    );
  });

  it('knows the same things to be due for the same state, each once, and nothing new while stopped', () => {
    property(({ after }) => {
      assertDue(after);
    });
  });

  it('refuses whatever an older session says', () => {
    property(({ command, result, before }) => {
      if (!('token' in command) || !('polecat' in command)) return;
      const newest = Object.hasOwn(before.polecats, command.polecat)
        ? before.polecats[command.polecat]?.token
        : undefined;
      if (command.token !== newest) assert.equal(result.ok, false);
    });
  });

  it('takes a report that is repeated for what it is: the second time nothing happens', () => {
    property(({ command, result }) => {
      if (!result.ok || command.type === 'tick' || !('token' in command)) return;
      // Ends of a turn are told apart by who hears them (`foreman/hooks.ts`).
      if (command.type === 'endTurn') return;
      const again = step(result.state, command);
      // Usage, exits and questions are said again after a reload; nothing of it may count twice.
      if (again.ok)
        assert.deepEqual(
          { ...again.state, polecats: {}, beads: {} },
          { ...result.state, polecats: {}, beads: {} },
        );
      if (again.ok && command.type !== 'countUsage') assert.deepEqual(again.events, []);
    });
  });

  it('never gives more polecats a place than there are, once a tick has looked', () => {
    property(({ before, command, after }) => {
      if (command.type !== 'tick') return;
      const slots = (state: RigState): number => Object.values(state.polecats).filter(takesSlot).length;
      assert.ok(slots(after) <= Math.max(slots(before), command.maxPolecats));
    });
  });

  it('leaves no open bead without somebody who moves it', () => {
    property(({ after }) => {
      const why = whyAll(after, { seats: [seat], maxPolecats: 1 });
      for (const bead of Object.values(after.beads)) {
        if (!isOpen(bead.status)) continue;
        assert.ok(
          hasOwner(after, bead.id, why[bead.id]?.code),
          `${bead.id} ${bead.status} ${why[bead.id]?.code ?? ''}`,
        );
      }
    });
  });

  it('brings every bead to its end once people answer and agents deliver', () => {
    fc.assert(
      fc.property(walks, (draws) => {
        const end = helpAlong(walk(draws, () => undefined));
        const open = Object.values(end.beads).filter((bead) => isOpen(bead.status));
        assert.ok(isThrough(end), JSON.stringify({ open, due: due(end), asks: needsYou(end) }, null, 1));
      }),
      { numRuns: runs },
    );
  });

  it('was led everywhere by these walks', () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => {
      seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    for (const draws of fc.sample(walks, { numRuns: 600, seed: 7 })) {
      walk(draws, ({ command, result, after }) => {
        count(result.ok ? `did ${command.type}` : `refused ${command.type}`);
        if (!result.ok) count(result.refusal.code);
        else for (const event of result.events) count(event.type);
        for (const bead of Object.values(after.beads)) count(bead.status);
        for (const request of Object.values(after.requests)) count(request.stage);
        for (const polecat of Object.values(after.polecats)) count(polecat.state);
      });
    }
    const wanted = [
      ...'optimizing bead.optimized bead.worded queued deferred assigned in_progress reviewing merging completed failed cancelled'.split(
        ' ',
      ),
      ...'proving ready approved landing offered landed conflict ejected'.split(' '),
      ...'housing starting working resting retired'.split(' '),
      ...'late_report illegal_move not_now cycle empty invalid no_such already_exists nothing_committed'.split(
        ' ',
      ),
      ...'polecat.cleared rig.granted convoy.closed convoy.reopened bead.reminded ask.answered'.split(' '),
      ...'session.leaving session.conversation polecat.noted polecat.chosen ask.onScreen bead.filed'.split(
        ' ',
      ),
      ...'did acceptWork,refused acceptWork,did sendBack,refused sendBack,bead.sentBack'.split(','),
      ...'contested contending not_picked bead.contested bead.picked'.split(' '),
      ...'did contestBead,refused contestBead,did pickAttempt,refused pickAttempt'.split(','),
      ...'review.drafted review.sent review.replied review.dropped'.split(' '),
      ...'offered,did refreshQueue'.split(','),
      ...'did evidenceMissing,refused evidenceMissing,did askPermission,did eject,refused landed'.split(','),
    ];
    assert.deepEqual(
      wanted.filter((one) => (seen.get(one) ?? 0) < 3),
      [],
    );
  });
});

/** Reasons that name what is waited for or who acts; `stuck` names nobody. */
function hasOwner(state: RigState, id: BeadId, code: string | undefined): boolean {
  const bead = state.beads[id];
  if (bead === undefined || code === undefined || code === 'stuck') return false;
  if (bead.status === 'queued' || bead.status === 'deferred') return true;
  // Its attempts have owners of their own; once all of them ended, the next tick or a person decides.
  if (bead.status === 'contested')
    return standingOf(state, bead).attempts.some((one) => isOpen(one.status)) || !waitsForPick(state, bead);
  if (bead.status === 'contending') return contestOf(state, bead)?.status === 'contested';
  const polecat = bead.polecat === null ? undefined : state.polecats[bead.polecat];
  const acts = due(state).some(
    (one) =>
      ('bead' in one && one.bead === id) ||
      ('polecat' in one && one.polecat === polecat?.id && one.type !== 'clear') ||
      ('batch' in one && state.queue.batch?.line.some((it) => state.requests[it]?.bead === id) === true),
  );
  const asked = needsYou(state).some((need) => beadOfNeed(need) === id);
  // The next tick moves these, as soon as there is a place, a turn in the queue, or the town is started.
  const ticked = polecat?.state === 'ready' || bead.status === 'merging' || state.stopped;
  // A person holds these back, and knows.
  const held = bead.status === 'optimizing' && (code === 'rig_parked' || code === 'convoy_held');
  return acts || asked || ticked || held;
}
