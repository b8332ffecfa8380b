import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import fc from 'fast-check';
import { call } from '../../../src/gateway/client.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { Strangers } from '../../../src/gateway/strangers.ts';
import { type Rig, nux, rigFolder, task } from './fixtures.ts';
import { until } from '../worker/until.ts';

/** Pieces of which half requests, smuggled ones and nonsense are made. */
const piece = fc.oneof(
  fc
    .constantFrom(
      'POST /v1/task HTTP/1.1\r\n',
      'GET /v1/hello HTTP/1.1\r\n',
      'GET /v1/follow HTTP/1.1\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'CONNECT 127.0.0.1:1 HTTP/1.1\r\n',
      'OPTIONS * HTTP/1.1\r\n',
      'host: 127.0.0.1\r\n',
      'content-length: 5\r\n',
      'content-length: 99999999999999999999\r\n',
      'transfer-encoding: chunked\r\n',
      'transfer-encoding: chunked, identity\r\n',
      'expect: 100-continue\r\n',
      'upgrade: websocket\r\nconnection: upgrade\r\n',
      'rigs-nonce: \r\n',
      'authorization: Bearer \r\n',
      '\r\n',
      '0\r\n\r\n',
      'ffffffffffffffff\r\n',
      '\u0016\u0003\u0001\u0002\u0000',
    )
    .map((text) => Buffer.from(text, 'latin1')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(Buffer.from(`x-long: ${'y'.repeat(70_000)}\r\n`)),
);
const garbage = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => Buffer.concat(pieces));

describe('garbage at the door', () => {
  let rig: Rig;
  let door: Door;
  let secret: string;
  const sockets: Socket[] = [];
  const problems: unknown[] = [];

  before(async () => {
    rig = await rigFolder();
    secret = await rig.tokens.issue(nux);
    door = await rig.open(undefined, { onError: (error) => problems.push(error) });
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  after(async () => {
    await door.close();
    await rm(rig.folder, { recursive: true });
  });

  function knock(): Socket {
    const socket = connect(Number(new URL(door.address).port), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    sockets.push(socket);
    return socket;
  }

  const served = async (): Promise<void> => {
    assert.deepEqual(await call(rig.home, secret, 'task', {}, { patienceMs: 15_000 }), task);
  };

  it('keeps nobody else from being answered, whatever it is', async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), async (many) => {
        for (const bytes of many) {
          const socket = knock();
          if (bytes.length % 3 === 0) socket.end(bytes);
          else socket.write(bytes);
          if (bytes.length % 5 === 0) socket.destroy();
        }
        await served();
        for (const socket of sockets.splice(0)) socket.destroy();
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(problems, []);
  });

  it('wins no place by saying nothing: hundreds of silent callers give way to one with a token', async () => {
    for (let count = 0; count < 300; count += 1) knock();
    await served();
    await until(() => sockets.filter((socket) => socket.destroyed).length >= 200);
  });

  it('holds nobody up by dribbling half requests', async () => {
    const slow = Array.from({ length: 40 }, () => {
      const socket = knock();
      socket.write('POST /v1/task HTTP/1.1\r\n');
      return socket;
    });
    const dribble = setInterval(() => {
      for (const socket of slow)
        if (socket.writable) socket.write(`x-${randomBytes(2).toString('hex')}: 1\r\n`);
    }, 5);
    try {
      for (let count = 0; count < 10; count += 1) await served();
    } finally {
      clearInterval(dribble);
    }
  });

  it('gets no more time than it takes to say who one is', async () => {
    const strangers = new Strangers(10, 50);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      strangers.add(socket);
      socket.once('data', () => {
        strangers.known(socket);
        socket.write('hello');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const [silent, known] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    sockets.push(silent, known);
    known.write('I have a token');
    await once(known, 'data');
    await once(silent.resume(), 'close');
    assert.equal(known.closed, false);
    server.close();
  });
});
