import assert from 'node:assert/strict';
import { type Account, AccountError } from '../../../src/ports/account.ts';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { AccountSim, type SimWindow } from './accountSim.ts';
import { session } from './accountFolder.ts';

const folder = '/person/account';

function open(window: SimWindow): Promise<Account> {
  return openAccount({
    folder,
    ...{ files: window, host: window, clock: window, linesPerFile: 6 },
    watch: () => ({ close: () => undefined }),
  });
}

/** Asks until the turn comes: one that stands still is passed over after a minute. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!AccountError.is(error, 'busy')) throw error;
    }
  }
}

function seeds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('windows that die whenever it hits them', () => {
  const limit = 2;

  /** What a window does all day: one agent after the other, with a place for each. */
  class Day {
    /** Agents that run, and whether their place was confirmed. */
    readonly running = new Map<string, { readonly window: SimWindow; confirmed: boolean }>();
    most = 0;
    done = 0;
    readonly #sim: AccountSim;
    #tokens = 0;

    constructor(sim: AccountSim) {
      this.#sim = sim;
    }

    async work(window: SimWindow): Promise<void> {
      const account = await open(window);
      for (let turn = 0; turn < 4; turn += 1) {
        this.#tokens += 1;
        const wanted = session(window.name, this.#tokens);
        const startTime = `agent-${String(wanted.token)}`;
        while (!(await patiently(() => account.reserve(wanted, limit))).granted) await window.sleep(5_000);
        this.running.set(startTime, { window, confirmed: false });
        this.most = Math.max(this.most, this.running.size);
        assert.ok(this.running.size <= limit, `${String(this.running.size)} agents run`);
        assert.equal(await patiently(() => account.confirm(wanted, { pid: 1, startTime })), true);
        this.running.set(startTime, { window, confirmed: true });
        await window.sleep(this.#sim.below(30_000));
        this.ends(startTime);
        await patiently(() => account.release(wanted));
        this.done += 1;
      }
      window.die();
    }

    /** With the window goes its terminal, and an agent that had not begun; the others go on for a while. */
    killed(window: SimWindow): void {
      for (const [startTime, one] of this.running) {
        if (one.window === window && (!one.confirmed || this.#sim.below(20) === 0)) this.ends(startTime);
      }
    }

    ends(startTime: string): void {
      this.running.delete(startTime);
      this.#sim.dead.add(startTime);
    }
  }

  it('never run more agents than the limit together, and lose no place for good', async function () {
    this.timeout(60_000);
    let [most, done, killed] = [0, 0, 0];
    for (const seed of seeds(40)) {
      const sim = new AccountSim(seed);
      const day = new Day(sim);
      const problems: unknown[] = [];
      const windows: SimWindow[] = [];
      const start = (): void => {
        const window = sim.window();
        window.dyingWrites = 12;
        windows.push(window);
        // A window that was killed does not come to its end; only what broke does.
        day.work(window).catch((error: unknown) => {
          if (!window.isDead) problems.push(error);
        });
      };
      start();
      start();
      const between = (): void => {
        const alive = windows.filter((window) => !window.isDead);
        const victim = sim.below(250) === 0 ? alive[sim.below(alive.length)] : undefined;
        victim?.die();
        for (const window of windows) if (window.isDead) day.killed(window);
        if (alive.length < 2 && windows.length < 8) start();
      };
      await sim.run(() => problems.length > 0 || windows.every((window) => window.isDead), between);
      assert.deepEqual(problems, [], `seed ${String(seed)}`);
      most = Math.max(most, day.most);
      done += day.done;
      killed += windows.length;
      for (const startTime of [...day.running.keys()]) day.ends(startTime);

      const later = sim.window();
      let granted = 0;
      const all = (async () => {
        const account = await open(later);
        for (let token = 1_001; token <= 1_000 + limit; token += 1) {
          while (!(await patiently(() => account.reserve(session('later', token), limit))).granted)
            await later.sleep(1_000);
          granted += 1;
        }
      })();
      const from = sim.now;
      await Promise.all([all, sim.run(() => granted === limit)]);
      assert.ok(sim.now - from < 30_000, `seed ${String(seed)}: ${String(sim.now - from)} ms`);
    }
    // That it was tried at all.
    assert.ok(most === limit && done > 100 && killed > 100, String([most, done, killed]));
  });
});

describe('windows that cannot see whether the others live, and sleep in the middle of a step', () => {
  it('lose nothing that any of them was told is done', async function () {
    this.timeout(60_000);
    let passedOver = 0;
    for (const seed of [...seeds(60), 367, 879]) {
      const sim = new AccountSim(seed);
      const told: string[] = [];
      const problems: unknown[] = [];
      let working = 3;
      const work = async (window: SimWindow): Promise<void> => {
        const account = await open(window);
        for (let turn = 0; turn < 8; turn += 1) {
          const rig = `${window.name}-${String(turn)}`;
          await patiently(() => account.rigSeen({ rig, root: '/', name: rig }));
          told.push(rig);
        }
        await account.close();
      };
      const windows = [1, 2, 3].map((one) => sim.window(`space ${String(one)}`));
      for (const window of windows) {
        work(window)
          .catch((error: unknown) => problems.push(error))
          .finally(() => (working -= 1));
      }
      const between = (): void => {
        if (sim.below(40) !== 0) return;
        const window = windows[sim.below(windows.length)];
        if (window !== undefined) window.asleepUntil = sim.now + 70_000 + sim.below(60_000);
        passedOver += 1;
      };
      await sim.run(() => working === 0, between);
      assert.deepEqual(problems, [], `seed ${String(seed)}`);

      const later = sim.window('another');
      const known: string[] = [];
      const all = open(later).then(async (account) => {
        for (const { rig } of await account.rigs()) known.push(rig);
      });
      await Promise.all([all, sim.run(() => known.length > 0)]);
      assert.deepEqual(known.sort(), told.sort(), `seed ${String(seed)}`);
    }
    assert.ok(passedOver > 60);
  });
});
