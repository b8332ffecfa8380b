import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, get } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call } from '../../../src/gateway/client.ts';
import { DoorError } from '../../../src/gateway/doorError.ts';
import { prepareHome, readDoor, writeDoor } from '../../../src/gateway/home.ts';
import { newDoorKey, proofOf } from '../../../src/gateway/proof.ts';
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
  const programs: Server[] = [];

  beforeEach(async () => {
    rig = await rigFolder();
    await prepareHome(rig.home);
    secret = await rig.tokens.issue(nux);
  });

  afterEach(async () => {
    for (const door of open.splice(0)) await door.close();
    for (const program of programs.splice(0)) {
      program.closeAllConnections();
      program.close();
    }
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
    const stale = await readDoor(rig.home);
    assert.ok(stale !== null);
    await dead.close();
    await writeDoor(rig.home, stale);
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
    await assert.rejects(
      call(rig.home, secret, 'done', { id: randomUUID(), summary: 'x' }),
      (error: unknown) => {
        assert.ok(refusal('late')(error));
        assert.match(String(error), /A newer session took over/);
        return true;
      },
    );
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

  /** A program that has a port and answers as the test says; what it was told is kept. */
  async function program(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (piece: Buffer) => heard.push(piece.toString()));
      heard.push(JSON.stringify(request.headers));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    programs.push(server);
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return { address, heard };
  }

  it('believes nothing that is not an answer of the protocol', async () => {
    const key = newDoorKey();
    for (const body of ['{}', 'garbage', '{"accepted":"yes","message":"","goOn":true}']) {
      const { address } = await program((request, response) => {
        const proof = proofOf(key, address, request.headers['rigs-nonce']);
        response.end(request.url === '/v1/hello' ? JSON.stringify({ proof }) : body);
      });
      await writeDoor(rig.home, { version: 1, address, epoch: 1, key });
      await assert.rejects(
        call(rig.home, secret, 'done', { id: randomUUID(), summary: 'x' }),
        refusal('failed'),
      );
    }
  });

  it('tells its secret to no other program that got the port of a killed window', async () => {
    const answers = ['{"proof":"of nothing"}', '', 'SSH-2.0-OpenSSH_9.6'];
    for (const answer of answers) {
      const stranger = await program((_request, response) => response.end(answer));
      await writeDoor(rig.home, { version: 1, address: stranger.address, epoch: 1, key: newDoorKey() });
      const done = call(rig.home, secret, 'done', { id: randomUUID(), summary: 'x' }, { clock: fakeClock() });
      await assert.rejects(done, refusal('unreachable'));
      assert.ok(stranger.heard.length > 0);
      assert.ok(!stranger.heard.join().includes(secret));
    }
  });

  it('tells its secret to no program that hands the question on to the true door', async () => {
    const door = await openDoor();
    const file = await readDoor(rig.home);
    assert.ok(file !== null);
    const between = await program((request, response) => {
      const headers = { ...request.headers, host: new URL(door.address).host };
      get(`${door.address}/v1/hello`, { headers }, (answer) => answer.pipe(response));
    });
    await writeDoor(rig.home, { ...file, address: between.address });
    const task = call(rig.home, secret, 'task', {}, { clock: fakeClock() });
    await assert.rejects(task, refusal('unreachable'));
    assert.ok(between.heard.length > 0);
    assert.ok(!between.heard.join().includes(secret));
  });

  it('waits when it is told that it asks too often, and gets its answer', async () => {
    await openDoor(fakeDesk(), { limits: { perSecond: 0.001, burst: 1, waiting: 9, patient: 9 } });
    const clock = fakeClock();
    const stop = new AbortController();
    await call(rig.home, secret, 'task', {}, { clock });
    const second = call(rig.home, secret, 'task', {}, { clock, signal: stop.signal });
    await until(() => clock.slept.length >= 2);
    assert.ok((clock.slept[0] ?? 0) > 900_000, String(clock.slept[0]));
    stop.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
  });

  it('says in words that the window speaks another version of the protocol', async () => {
    await writeFile(join(rig.home, 'door.json'), '{"version":2,"socket":"somewhere"}');
    await assert.rejects(call(rig.home, secret, 'task', {}), (error: unknown) => {
      assert.ok(refusal('other_version')(error));
      assert.match(String(error), /speaks version 2 .* this program version 1/);
      return true;
    });
  });
});
