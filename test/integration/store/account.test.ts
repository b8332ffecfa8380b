import assert from 'node:assert/strict';
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Account } from '../../../src/ports/account.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { readStart, claimStart, writeExit } from '../../../src/system/spool.ts';
import type { PolecatId } from '../../../src/town/ids.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { AccountFolder, session } from './accountFolder.ts';
import { bytesIn, flipBit, namesIn } from './rigFolder.ts';

const [one, two, three] = [session('a', 1), session('b', 2), session('a', 3)];
const agent = { pid: 4_711, startTime: 'agent' };
const granted = { granted: true };

async function tokensIn(account: Account): Promise<readonly number[]> {
  return (await account.held()).map(({ token }) => token);
}

describe("a person's account", () => {
  let person: AccountFolder;
  beforeEach(() => {
    person = new AccountFolder();
  });
  afterEach(() => person.remove());

  const journal = (number: number): string => join(person.folder, `journal-${String(number)}.jsonl`);

  it('is one for all windows: the places one takes the other misses', async () => {
    const [left, right] = [await person.open(), await person.open()];
    await left.rigSeen({ rig: 'a', root: '/work/shop', name: 'shop' });
    assert.deepEqual(await left.reserve(one, 2), granted);
    assert.deepEqual(await right.reserve(two, 2), granted);
    assert.deepEqual(await right.reserve(three, 2), {
      granted: false,
      limit: 2,
      held: [
        { rig: 'a', name: 'shop', root: '/work/shop', agents: 1 },
        { rig: 'b', name: null, root: null, agents: 1 },
      ],
    });
    await left.release(one);
    assert.deepEqual(await right.reserve(three, 2), granted);
    assert.deepEqual(await tokensIn(left), [2, 3]);
  });

  it('is found again as it was left', async () => {
    const first = await person.open();
    await first.reserve(one, 3);
    await first.confirm(one, agent);
    await first.rigSeen({ rig: 'a', root: '/work/shop', name: 'shop' });
    await first.close();
    const second = await person.open();
    const [found] = await second.held();
    assert.deepEqual([found?.token, found?.agent], [1, agent]);
    assert.deepEqual(await second.rigs(), [
      { rig: 'a', root: '/work/shop', name: 'shop', at: person.clock.now() },
    ]);
  });

  it('is made once, however many windows open it for the first time at the same moment', async () => {
    const windows = await Promise.all([1, 2, 3, 4, 5].map(() => person.open()));
    // Their turns wait for one another by the clock, which stands still here.
    for (const [index, account] of windows.entries()) await account.reserve(session('a', index), 9);
    for (const account of windows) assert.deepEqual(await tokensIn(account), [0, 1, 2, 3, 4]);
    assert.equal((await namesIn(person.folder, /^turn-/)).length, 1);
    assert.deepEqual(await namesIn(person.folder, /draft$/), []);
  });

  it('goes on in a new file now and then and keeps the one before', async () => {
    const account = await person.open({ linesPerFile: 5 });
    for (let token = 1; token <= 20; token += 1) await account.reserve(session('a', token), 99);
    // Twenty turns, each taken and given back: the sixth begins a file of the number of its taking.
    assert.deepEqual(await namesIn(person.folder, /^journal-/), ['journal-23.jsonl', 'journal-35.jsonl']);
    const other = await person.open();
    assert.equal((await other.held()).length, 20);
  });

  it('takes over what a window of the same rig held before it was reloaded', async () => {
    const before = person.machine.process();
    await (await person.open({ host: before })).reserve(one, 1);
    before.die();
    const reloaded = await person.open();
    await reloaded.reconcile({ rig: 'a', epoch: 1 }, [{ ...one, agent }]);
    person.machine.monotonic += 60_000;
    assert.equal((await reloaded.reserve(two, 1)).granted, false);
    await reloaded.reconcile({ rig: 'a', epoch: 1 }, []);
    assert.deepEqual(await reloaded.reserve(two, 1), granted);
  });

  it('tells at once that another window changed something', async () => {
    let sleeps = 0;
    const clock: Clock = {
      now: () => person.clock.now(),
      sleep: (...args) => {
        sleeps += 1;
        return person.clock.sleep(...args);
      },
    };
    const [left, right] = [await person.open({ clock }), await person.open()];
    const signal = new AbortController().signal;
    await left.held();
    const woken = left.changed(1_000_000, signal);
    await right.reserve(one, 1);
    await woken;
    await left.held();
    await right.release(one);
    // What happened before the question counts too, once.
    await left.changed(1_000_000, signal);
    const before = sleeps;
    const again = left.changed(1_000_000, signal);
    while (sleeps === before) await turn();
    await right.reserve(two, 1);
    await again;
  });

  it('says after a while that something may have changed, and stops waiting when asked to', async () => {
    const account = await person.open();
    const stop = new AbortController();
    const late = account.changed(1_000, new AbortController().signal);
    const stopped = account.changed(1_000_000, stop.signal);
    stop.abort();
    await stopped;
    await person.clock.advance(1_000);
    await late;
  });

  it('refuses every step once it is closed', async () => {
    const account = await person.open();
    await account.close();
    await assert.rejects(account.reserve(one, 1), { name: 'AccountError', reason: 'closed' });
  });

  describe('whose journal is', () => {
    /** Three steps in the first file, by a window that is gone. */
    beforeEach(async () => {
      const account = await person.open();
      for (const wanted of [one, two, three]) await account.reserve(wanted, 3);
      await account.close();
    });

    it('torn at its end goes on without the torn step, which is kept', async () => {
      const size = (await readFile(journal(0))).length;
      for (const cut of [1, 40, 200]) {
        const whole = await readFile(journal(0));
        await truncate(journal(0), size - cut);
        const torn = (await readFile(journal(0), 'utf8')).split('\n').at(-1) ?? '';
        const account = await person.open();
        // A line that lacks nothing but its newline is whole.
        assert.deepEqual(await tokensIn(account), cut === 1 ? [1, 2, 3] : [1, 2]);
        await account.release(one);
        assert.deepEqual(await tokensIn(account), cut === 1 ? [2, 3] : [2]);
        const kept = Object.values(await bytesIn(person.folder, /^torn-/));
        assert.deepEqual(kept, cut === 1 ? [] : [torn]);
        await account.close();
        for (const name of await namesIn(person.folder, /^(torn|journal)-/))
          await rename(join(person.folder, name), join(person.place, `${String(cut)}-${name}`));
        await writeFile(journal(0), whole);
      }
    });

    it('changed by one bit is named by every call with its mend, and no byte of it is touched', async () => {
      const size = (await readFile(journal(0))).length;
      // From the last byte, its newline, down.
      for (let at = size - 1; at >= 0; at -= 43) {
        await flipBit(journal(0), at);
        const before = await bytesIn(person.folder, /^journal-/);
        const account = await person.open();
        const named = { name: 'AccountError', reason: 'damaged', path: journal(0), message: /move .* away/ };
        await assert.rejects(account.reserve(session('a', 9), 9), named, `byte ${String(at)}`);
        await assert.rejects(account.held(), named);
        await assert.rejects(account.release(one), named);
        assert.deepEqual(await bytesIn(person.folder, /^journal-/), before);
        await flipBit(journal(0), at);
        // Mended under an open window, it works again at once.
        assert.deepEqual(await tokensIn(account), [1, 2, 3]);
        await account.close();
      }
    });

    it('changed by one bit while a window has it open is named too', async () => {
      const account = await person.open();
      await account.held();
      await flipBit(journal(0), 300);
      await assert.rejects(account.reserve(session('a', 9), 9), { reason: 'damaged', path: journal(0) });
    });

    it('gone is no fresh start', async () => {
      await rename(journal(0), join(person.place, 'away'));
      const account = await person.open();
      await assert.rejects(account.reserve(one, 1), { reason: 'damaged', path: journal(0) });
    });

    it("a newer Rigs' is left alone", async () => {
      const lines: readonly (readonly [string, string])[] = [
        [journal(99), seal({ schema: 4, segment: 99, seq: 3, kegs: {} })],
        [journal(0), seal({ v: 4, seq: 4, at: 1, events: [] })],
        [journal(0), seal({ v: 1, seq: 4, at: 1, events: [{ type: 'tank.filled' }] })],
      ];
      for (const [path, line] of lines) {
        const whole = await readFile(journal(0));
        await appendFile(path, line);
        const account = await person.open();
        const before = await bytesIn(person.folder, /^journal-/);
        await assert.rejects(account.reserve(one, 9), { reason: 'newer_schema', path });
        assert.deepEqual(await bytesIn(person.folder, /^journal-/), before);
        await account.close();
        if (path !== journal(0)) await rename(path, join(person.place, 'newer'));
        await writeFile(journal(0), whole);
      }
    });
  });

  describe('whose turn', () => {
    /** Gives the file that says whose turn it is another name, as a power cut or a process in the middle of it leaves. */
    async function turnIs(count: number, who: string, before?: 'kept'): Promise<string> {
      const [name = ''] = await namesIn(person.folder, /^turn-/);
      const other = name.replace(/-\d+-[0-9a-z]+$/, `-${String(count)}-${who}`);
      const path = (one: string): string => join(person.folder, one);
      await (before === 'kept' ? copyFile : rename)(path(name), path(other));
      return path(other);
    }

    it('came back under an older name beside the newest goes on by the newest', async () => {
      const account = await person.open();
      await account.reserve(one, 9);
      await turnIs(0, 'free', 'kept');
      assert.deepEqual(await account.reserve(two, 9), granted);
      assert.equal((await namesIn(person.folder, /^turn-/)).length, 1);
      assert.deepEqual(await tokensIn(await person.open()), [1, 2]);
    });

    it('fell behind its journal catches up', async () => {
      const account = await person.open({ linesPerFile: 1 });
      for (const wanted of [one, two]) await account.reserve(wanted, 9);
      await turnIs(0, 'free');
      assert.deepEqual(await account.reserve(three, 9), granted);
      assert.deepEqual(await tokensIn(await person.open()), [1, 2, 3]);
    });

    it('is a living window that does not come on is said, and passed over after a minute', async () => {
      const holder = await person.open();
      await holder.reserve(one, 9);
      const [card = ''] = await namesIn(person.folder, /^holder-.*json$/);
      const path = await turnIs(5, card.slice(7, 19));
      const account = await person.open();
      const late = person.inTime(account.reserve(two, 9));
      await assert.rejects(late, { reason: 'busy', path, message: /Process 1 works/ });
      person.machine.monotonic += 60_000;
      assert.deepEqual(await account.reserve(two, 9), granted);
      assert.deepEqual(await tokensIn(holder), [1, 2]);
    });

    it('was a window that died is passed over as soon as that is seen', async () => {
      const host = person.machine.process();
      await (await person.open({ host })).reserve(one, 9);
      const [card = ''] = await namesIn(person.folder, /^holder-.*json$/);
      await turnIs(5, card.slice(7, 19));
      host.die();
      const account = await person.open();
      assert.deepEqual(await person.inTime(account.reserve(two, 9)), granted);
    });

    it('it is cannot be told when the file is gone, which is named with its mend', async () => {
      const account = await person.open();
      await account.reserve(one, 9);
      await rename(await turnIs(5, 'free'), join(person.place, 'away'));
      const late = person.inTime(account.reserve(two, 9));
      await assert.rejects(late, { reason: 'damaged', message: /whose turn it is is gone.* move / });
    });
  });

  it('on a disk that fills up refuses the step and goes on when there is room again, with nothing lost', async () => {
    const files = new WatchedFiles();
    const account = await person.open({ files });
    await account.reserve(one, 3);
    files.room = 50;
    await assert.rejects(account.reserve(two, 3), { name: 'AccountError', reason: 'append_failed' });
    files.room = Infinity;
    assert.deepEqual(await account.reserve(three, 3), granted);
    assert.deepEqual(await tokensIn(await person.open()), [1, 3]);
  });

  it('on a disk that does not sync trusts no line of that file any more', async () => {
    const files = new WatchedFiles();
    const account = await person.open({ files });
    await account.reserve(one, 3);
    files.failSync = true;
    await assert.rejects(account.reserve(two, 3), { reason: 'append_failed', path: journal(0) });
    files.failSync = false;
    assert.deepEqual(await account.reserve(two, 3), granted);
    assert.equal((await namesIn(person.folder, /^journal-/)).length, 2);
    assert.deepEqual(await tokensIn(await person.open()), [1, 2]);
  });

  it('in a folder that may not be written says so, and works once it may', async () => {
    const files = new WatchedFiles();
    const refuse = (operation: string): void => {
      if (operation === 'read' || operation === 'list') return;
      throw systemError('EROFS', `read-only file system, ${operation}`);
    };
    files.before = refuse;
    const named = { name: 'AccountError', reason: 'not_writable', message: /read-only/ };
    await assert.rejects(person.open({ files }), named);
    files.before = () => undefined;
    const account = await person.open({ files });
    files.before = refuse;
    await assert.rejects(account.reserve(one, 1), named);
    files.before = () => undefined;
    assert.deepEqual(await account.reserve(one, 1), granted);
  });
});

describe('a place whose window is gone', () => {
  let person: AccountFolder;
  beforeEach(() => {
    person = new AccountFolder();
  });
  afterEach(() => person.remove());

  /** A window that reserves the only place and dies. */
  async function widowed(spool: string | null = null): Promise<Account> {
    const host = person.machine.process();
    const account = await person.open({ host });
    assert.deepEqual(await account.reserve(session('a', 1, spool), 1), granted);
    host.die();
    return account;
  }

  async function isFree(account: Account): Promise<boolean> {
    return (await account.reserve(two, 1)).granted;
  }

  it('is kept for 20 s, in which the window may come back', async () => {
    await widowed();
    const other = await person.open();
    assert.equal(await isFree(other), false);
    person.machine.monotonic += 19_000;
    assert.equal(await isFree(other), false);
    person.machine.monotonic += 1_000;
    assert.equal(await isFree(other), true);
    assert.deepEqual(await tokensIn(other), [2]);
  });

  it('is kept as long as its agent lives, and free at once after that', async () => {
    const dead = await widowed();
    await dead.confirm(session('a', 1), agent);
    const other = await person.open();
    person.machine.monotonic += 1_000_000;
    assert.equal(await isFree(other), false);
    person.machine.kill(agent.startTime);
    assert.equal(await isFree(other), true);
  });

  it('is shown as taken just as long', async () => {
    const dead = await widowed();
    const other = await person.open();
    assert.deepEqual(await tokensIn(other), [1]);
    person.machine.monotonic += 20_000;
    assert.deepEqual(await tokensIn(other), []);
    await dead.confirm(session('a', 1), agent);
    assert.deepEqual(await tokensIn(other), [1]);
    person.machine.kill(agent.startTime);
    person.machine.monotonic += 2_000;
    assert.deepEqual(await tokensIn(other), []);
  });

  it('is free at once after a reboot', async () => {
    const before = person.machine.process({ boot: 'the boot before' });
    await (await person.open({ host: before })).reserve(one, 1);
    before.die();
    assert.equal(await isFree(await person.open()), true);
  });

  it('in a place that cannot be seen is kept while its beat goes on, and free a minute after', async () => {
    const elsewhere = await person.open({ host: person.machine.process({ pidSpace: 'another' }) });
    await elsewhere.reserve(one, 1);
    const here = await person.open();
    for (let beats = 0; beats < 8; beats += 1) {
      assert.equal(await isFree(here), false);
      person.machine.monotonic += 15_000;
      await person.clock.advance(15_000);
    }
    await elsewhere.close();
    assert.equal(await isFree(here), false);
    person.machine.monotonic += 59_000;
    assert.equal(await isFree(here), false);
    person.machine.monotonic += 1_000;
    assert.equal(await isFree(here), true);
  });

  describe('and whose agent wrote into a spool', () => {
    let spool: string;
    beforeEach(async () => {
      spool = join(person.place, 'spool');
      await mkdir(spool);
    });
    const key = { polecat: 'nux-1' as PolecatId, token: 1 };
    const shim = { pid: 11, startTime: 'shim' };

    it('is kept while that agent lives though nobody confirmed it', async () => {
      await widowed(spool);
      await claimStart(spool, { ...key, shim, child: agent, at: 1 });
      const other = await person.open();
      assert.equal(await isFree(other), false);
      person.machine.monotonic += 1_000_000;
      assert.equal(await isFree(other), false);
      person.machine.kill(agent.startTime);
      assert.equal(await isFree(other), true);
    });

    it('is free at once when the agent ended', async () => {
      await widowed(spool);
      await claimStart(spool, { ...key, shim, child: agent, at: 1 });
      await writeExit(spool, { ...key, code: 0, signal: null, startError: null, at: 2 });
      assert.equal(await isFree(await person.open()), true);
    });

    it('is given away only after the session is forbidden, so that a terminal that comes up late starts nothing', async () => {
      await widowed(spool);
      const other = await person.open();
      assert.equal(await isFree(other), false);
      assert.equal(await readStart(spool, key), null);
      person.machine.monotonic += 20_000;
      assert.equal(await isFree(other), true);
      assert.equal(await claimStart(spool, { ...key, shim, child: agent, at: 1 }), false);
    });

    it('is kept when the spool cannot be read', async () => {
      await widowed(spool);
      await writeFile(join(spool, 'nux-1.1.start.json'), 'garbage');
      const other = await person.open();
      assert.equal(await isFree(other), false);
      person.machine.monotonic += 1_000_000;
      assert.equal(await isFree(other), false);
    });
  });

  it('leaves no card behind once the next window opened the account', async () => {
    await widowed();
    const other = await person.open();
    await other.close();
    assert.deepEqual(
      (await readdir(person.folder)).filter((name) => name.startsWith('holder-')),
      [],
    );
  });
});
