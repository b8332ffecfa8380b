import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import { type Bead, isOpen } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import { type Flaky, type FlakyTest, flakyLabel } from '../town/flaky.ts';
import type { RigState } from '../town/state.ts';
import { flakyBeadText } from '../words/flakyBead.ts';
import type { Answer, Wish } from './control.ts';
import type { Line } from './hands/context.ts';

interface Parts {
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'bead' | 'convoy'>;
  state(): RigState;
  wish(wish: Wish): Promise<Answer>;
  say(line: Line): void;
  failed(error: unknown): void;
}

/** Nobody mends more than this at a time, and a machine that is out of order makes every test flaky. */
const mostOpen = 20;
/** What a crash kept from being reported is no older than this. */
const recentMs = 60 * 60 * 1000;
const label = 'flaky';
const convoyTitle = 'Flaky checks';

/** Has a bead stand for each test that failed and passed on one tree, in a convoy that waits for a person. */
export class FlakyBeads {
  readonly #parts: Parts;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What became known in one durable turn. */
  learned(before: RigState): void {
    const [was, is] = [flakyOf(before), flakyOf(this.#parts.state())];
    if (was !== is) this.#report(changedIn(was, is));
  }

  /** What became known just before a former window ended. */
  begin(): void {
    const since = this.#parts.clock.now() - recentMs;
    this.#report(Object.values(flakyOf(this.#parts.state())).filter(({ lastAt }) => lastAt >= since));
  }

  /** One after the other, so that each sees the beads of those before it. */
  #report(tests: readonly FlakyTest[]): void {
    for (const test of tests)
      this.#work = this.#work
        .then(() => this.#stand(test))
        .catch((error: unknown) => {
          this.#parts.failed(error);
        });
  }

  async #stand(test: FlakyTest): Promise<void> {
    const { ids } = this.#parts;
    const state = this.#parts.state();
    if (!isWanted(state, test)) return;
    const id = ids.bead((one) => state.beads[one] !== undefined);
    const text = flakyBeadText(test);
    const draft = {
      ...({ ...text, type: 'debug', priority: 'low', labels: [label, flakyLabel(test)] } as const),
      ...{ dependencies: [], touches: [], estimate: null, preferredProvider: null },
      source: { kind: 'import' } as const,
    };
    const held = heldConvoy(state);
    const answer =
      held === undefined
        ? await this.#parts.wish({
            ...{ type: 'createConvoy', convoy: ids.convoy(), title: convoyTitle, landing: 'review' },
            ...{ held: true, beads: [{ bead: id, draft }] },
          })
        : await this.#parts.wish({ type: 'createBead', bead: id, convoy: held.id, draft });
    if (answer.ok)
      this.#parts.say({
        what: 'flaky.reported',
        level: 'warning',
        facts: { title: draft.title, convoy: convoyTitle },
      });
  }
}

const nothing: Flaky = {};

function flakyOf(state: RigState): Flaky {
  return state.queue.flaky ?? nothing;
}

function changedIn(was: Flaky, is: Flaky): readonly FlakyTest[] {
  return Object.entries(is).flatMap(([key, test]) => (was[key]?.flips === test.flips ? [] : [test]));
}

/** Once its bead ended, what happened before that is over. */
function isWanted(state: RigState, test: FlakyTest): boolean {
  const beads = Object.values(state.beads).filter(({ labels }) => labels.includes(label));
  const own = beads.filter(({ labels }) => labels.includes(flakyLabel(test)));
  const open = beads.filter(({ status }) => isOpen(status)).length;
  return open < mostOpen && own.every((bead) => isOver(bead, test));
}

function isOver({ status, endedAt }: Bead, { lastAt }: FlakyTest): boolean {
  return !isOpen(status) && lastAt > (endedAt ?? 0);
}

/** One that a person released holds nothing back. */
function heldConvoy({ convoys }: RigState): Convoy | undefined {
  return Object.values(convoys).find(
    ({ title, held, closedAt }) => title === convoyTitle && held && closedAt === null,
  );
}
