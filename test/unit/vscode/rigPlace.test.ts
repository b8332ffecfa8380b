import assert from 'node:assert/strict';
import { GitError } from '../../../src/ports/git.ts';
import { StoreError, type StoreErrorReason } from '../../../src/ports/store.ts';
import { type Reason, reason } from '../../../src/town/reason.ts';
import type { OpenRig } from '../../../src/vscode/compose/openRig.ts';
import { RigPlace, type RigPlaceParts } from '../../../src/vscode/compose/rigPlace.ts';
import { ManualClock, settled } from '../../fakes/manualClock.ts';

const trouble = (why: StoreErrorReason): StoreError => new StoreError(why, '/s', why);

/** A rig as far as a place looks at it. */
class Rig {
  readOnly: Reason | null = null;
  closed = false;
  readonly #listeners = new Set<() => void>();

  get asOpen(): OpenRig {
    const foreman = {
      onChange: (listener: () => void) => this.#listeners.add(listener),
    };
    Object.defineProperty(foreman, 'readOnly', { get: () => this.readOnly });
    const close = (): Promise<void> => {
      this.closed = true;
      return Promise.resolve();
    };
    return { foreman, close } as unknown as OpenRig;
  }

  breakDown(why: Reason): void {
    this.readOnly = why;
    for (const tell of this.#listeners) tell();
  }
}

class Stage {
  readonly clock = new ManualClock();
  readonly failures: unknown[] = [];
  /** What opening does from now on. */
  own: () => Promise<OpenRig> = () => Promise.resolve(new Rig().asOpen);
  follow: RigPlaceParts['follow'] = () => Promise.reject(new Error('no door'));
  see: RigPlaceParts['see'] = () => Promise.reject(new Error('nothing to see'));
  taken = false;
  looks = 0;
  tries = 0;
  readonly mended: string[] = [];
  readonly place: RigPlace;

  constructor(set: Partial<Pick<Stage, 'own' | 'follow' | 'see' | 'taken'>> = {}) {
    Object.assign(this, set);
    this.place = new RigPlace({
      own: () => {
        this.tries += 1;
        return this.own();
      },
      follow: () => this.follow(),
      see: (damage) => this.see(damage),
      mend: (mend) => {
        this.mended.push(mend);
        return Promise.resolve();
      },
      taken: () => {
        this.looks += 1;
        return Promise.resolve(this.taken);
      },
      clock: this.clock,
      problemOf: (error) => (error instanceof Error ? error.message : String(error)),
      changed: () => undefined,
      failed: (error) => this.failures.push(error),
    });
  }

  get kind(): string | undefined {
    return this.place.standing?.kind;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await settled();
  }
}

describe('a repository in a window', () => {
  it('is owned once it is open, and let go of at the end', async () => {
    const rig = new Rig();
    const stage = new Stage({ own: () => Promise.resolve(rig.asOpen) });
    assert.equal((await stage.place.open()).kind, 'owned');
    await stage.place.close();
    assert.equal(rig.closed, true);
  });

  it('is opened anew, after a growing pause, as long as its disk is full', async () => {
    const stage = new Stage({ own: () => Promise.reject(trouble('not_writable')) });
    await stage.place.open();
    assert.equal(stage.kind, 'closed');
    await stage.pass(2_000);
    assert.equal(stage.tries, 2);
    await stage.pass(3_900);
    assert.equal(stage.tries, 2);
    stage.own = () => Promise.resolve(new Rig().asOpen);
    await stage.pass(200);
    assert.equal(stage.kind, 'owned');
    await stage.place.close();
  });

  it('that broke down while it was being opened is noticed, closed and opened anew', async () => {
    const broken = new Rig();
    broken.readOnly = reason('store_read_only', { message: 'full' });
    const stage = new Stage({ own: () => Promise.resolve(broken.asOpen) });
    await stage.place.open();
    const whole = new Rig();
    stage.own = () => Promise.resolve(whole.asOpen);
    await stage.pass(2_100);
    assert.equal(broken.closed, true);
    assert.equal(stage.tries, 2);
    await stage.place.close();
  });

  it('that cannot pass by itself waits for a person, and for every one who asks', async () => {
    const stage = new Stage({ own: () => Promise.reject(trouble('newer_schema')) });
    await stage.place.open();
    await stage.pass(600_000);
    assert.equal(stage.tries, 1);
    const asked = [stage.place.open(), stage.place.open()];
    assert.deepEqual(
      (await Promise.all(asked)).map(({ kind }) => kind),
      ['closed', 'closed'],
    );
    assert.equal(stage.tries, 2);
    await stage.place.close();
  });

  it('that another window took while it was being opened is waited for, not given up', async () => {
    for (const taken of [trouble('owned_elsewhere'), trouble('fenced'), new GitError('fenced', 'late')]) {
      const stage = new Stage({ own: () => Promise.reject(taken), taken: true });
      await stage.pass(5_000);
      stage.taken = false;
      stage.own = () => Promise.resolve(new Rig().asOpen);
      await stage.pass(1_000);
      assert.equal(stage.kind, 'owned', taken.message);
      await stage.place.close();
    }
  });

  it('is looked at twice a second and not more, however often a person asks', async () => {
    const stage = new Stage({ own: () => Promise.reject(trouble('owned_elsewhere')), taken: true });
    await stage.pass(3_000);
    assert.equal((await stage.place.open()).kind, 'closed');
    assert.equal((await stage.place.open()).kind, 'closed');
    const before = stage.looks;
    await stage.pass(5_000);
    assert.ok(stage.looks - before <= 11, `${String(stage.looks - before)} looks in five seconds`);
    await stage.place.close();
  });

  it('whose owner is gone is taken over, and what followed it is let go of', async () => {
    let closed = false;
    const followed = {
      onChange: () => () => undefined,
      onLost: () => () => undefined,
      close: () => {
        closed = true;
      },
    } as unknown as Awaited<ReturnType<RigPlaceParts['follow']>>;
    const stage = new Stage({
      own: () => Promise.reject(trouble('owned_elsewhere')),
      follow: () => Promise.resolve(followed),
      taken: true,
    });
    await stage.pass(3_000);
    assert.equal(stage.kind, 'followed');
    stage.taken = false;
    stage.own = () => Promise.resolve(new Rig().asOpen);
    await stage.pass(1_000);
    assert.equal(stage.kind, 'owned');
    assert.equal(closed, true);
    await stage.place.close();
  });

  it('whose memory is gone offers to start afresh, and opens after it was mended', async () => {
    const stage = new Stage({ own: () => Promise.reject(trouble('pointer_leads_nowhere')) });
    await stage.place.open();
    assert.equal(stage.place.standing?.mend, 'startAfresh');
    stage.own = () => Promise.resolve(new Rig().asOpen);
    await stage.place.mend();
    assert.deepEqual(stage.mended, ['startAfresh']);
    assert.equal(stage.kind, 'owned');
    await stage.place.close();
  });

  it('ends for whoever still waits when its window closes', async () => {
    const stage = new Stage({
      own: () =>
        new Promise((resolve) =>
          setImmediate(() => {
            resolve(new Rig().asOpen);
          }),
        ),
    });
    const asked = stage.place.open();
    await stage.place.close();
    assert.ok(['owned', 'closed'].includes((await asked).kind));
  });
});
