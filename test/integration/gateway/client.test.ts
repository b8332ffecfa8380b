import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { DoorError, call } from '../../../src/gateway/client.ts';
import { prepareHome, writeDoor } from '../../../src/gateway/home.ts';
import type { Door } from '../../../src/gateway/server.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import type { AskId } from '../../../src/town/ids.ts';
import { until } from '../worker/until.ts';
import { fakeDesk, nux, rigFolder, task } from './fixtures.ts';
import type { Rig } from './fixtures.ts';

/** Time passes only by being slept through, and every sleep is told. */
function fakeClock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

const permission = { ask: 'ak-12345' as AskId, tool: 'run', detail: 'npm test' };
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

describe('who calls at the door', () => {
  let rig: Rig;
  let secret: string;
  const open: Door[] = [];

  beforeEach(async () => {
    rig = await rigFolder();
    await prepareHome(rig.home);
    secret = await rig.tokens.issue(nux);
  });

  afterEach(async () => {
    for (const door of open.splice(0)) await door.close();
    await rm(rig.folder, { recursive: true });
  });

  async function openDoor(...args: Parameters<Rig['open']>): Promise<Door> {
    const door = await rig.open(...args);
    open.push(door);
    return door;
  }

  const refusal = (reason: string) => (error: unknown) =>
    error instanceof DoorError && error.reason === reason;

  it('gets its task', async () => {
    await openDoor();
    assert.deepEqual(await call(rig.home, secret, 'task', {}), task);
  });

  it('waits while no door is there, and goes in when one opens', async () => {
    const clock = fakeClock();
    const answer = call(rig.home, secret, 'task', {}, { clock, patienceMs: 1e9 });
    await until(() => clock.slept.length >= 3);
    await openDoor();
    assert.deepEqual(await answer, task);
    assert.deepEqual(clock.slept.slice(0, 3), [100, 200, 400]);
  });

  it('gives up when its patience ends, and says that the window does not answer', async () => {
    const clock = fakeClock();
    await assert.rejects(
      call(rig.home, secret, 'task', {}, { clock, patienceMs: 30_000 }),
      refusal('unreachable'),
    );
    const total = clock.slept.reduce((sum, ms) => sum + ms, 0);
    assert.ok(total >= 30_000 && total < 33_000, String(total));
  });

  it('waits for an answer over the reload of a window, whose door then has another port', async () => {
    const asks: string[] = [];
    const first = await openDoor(
      fakeDesk({
        permission: (_caller, ask) => {
          asks.push(ask);
          return never();
        },
      }),
    );
    const answer = call(rig.home, secret, 'permission', permission);
    await until(() => asks.length === 1);
    await first.close();
    const second = await openDoor(
      fakeDesk({
        permission: (_caller, ask) => {
          asks.push(ask);
          return Promise.resolve('deny');
        },
      }),
    );
    assert.notEqual(second.address, first.address);
    assert.deepEqual(await answer, { answer: 'deny' });
    assert.deepEqual(asks, ['ak-12345', 'ak-12345']);
  });

  it('is not led astray by the address of a door that was killed', async () => {
    const dead = await rig.open();
    await dead.close();
    await writeDoor(rig.home, { version: 1, address: dead.address, epoch: 1 });
    const clock = fakeClock();
    const answer = call(rig.home, secret, 'task', {}, { clock, patienceMs: 1e9 });
    await until(() => clock.slept.length >= 1);
    await openDoor();
    assert.deepEqual(await answer, task);
  });

  it('asks again when the door is there but its rig is not ready', async () => {
    let tries = 0;
    const busy = (): Promise<typeof task> => {
      tries += 1;
      return tries < 3 ? Promise.reject(new DeskError('unavailable', 'Not yet.')) : Promise.resolve(task);
    };
    await openDoor(fakeDesk({ task: busy }));
    assert.deepEqual(await call(rig.home, secret, 'task', {}, { clock: fakeClock() }), task);
    assert.equal(tries, 3);
  });

  it('gives up on a door that never gets ready', async () => {
    await openDoor(fakeDesk({ task: () => Promise.reject(new DeskError('unavailable', 'Never.')) }));
    await assert.rejects(call(rig.home, secret, 'task', {}, { clock: fakeClock() }), refusal('unreachable'));
  });

  it('takes a refusal for an answer and does not ask again', async () => {
    let tries = 0;
    const late = (): Promise<never> => {
      tries += 1;
      return Promise.reject(new DeskError('late', 'A newer session took over.'));
    };
    await openDoor(fakeDesk({ done: late }));
    await assert.rejects(call(rig.home, secret, 'done', { summary: 'x' }), (error: unknown) => {
      assert.ok(refusal('late')(error));
      assert.match(String(error), /A newer session took over/);
      return true;
    });
    assert.equal(tries, 1);
    await assert.rejects(call(rig.home, 'wrong', 'task', {}), refusal('unauthorized'));
  });

  it('stops asking when it is told to', async () => {
    await openDoor(fakeDesk({ permission: () => never() }));
    const stop = new AbortController();
    const answer = call(rig.home, secret, 'permission', permission, { signal: stop.signal });
    stop.abort(new Error('Ctrl+C'));
    await assert.rejects(answer, /Ctrl\+C/);
    await assert.rejects(call(rig.home, secret, 'task', {}, { signal: stop.signal }), /Ctrl\+C/);
  });

  it('believes nothing that is not an answer of the protocol', async () => {
    for (const body of ['{}', 'garbage', '{"accepted":"yes","message":"","goOn":true}']) {
      const liar = createServer((_request, response) => response.end(body));
      await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
      const address = `http://127.0.0.1:${String((liar.address() as AddressInfo).port)}`;
      await writeDoor(rig.home, { version: 1, address, epoch: 1 });
      await assert.rejects(call(rig.home, secret, 'done', { summary: 'x' }), refusal('failed'));
      liar.close();
    }
  });
});
