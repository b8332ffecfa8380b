import assert from 'node:assert/strict';
import { request } from 'node:http';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { readDoor, readPersonToken } from '../../../src/gateway/home.ts';
import { failure, replies } from '../../../src/gateway/protocol.ts';
import type { Verb } from '../../../src/gateway/protocol.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import type { Caller } from '../../../src/ports/desk.ts';
import { fakeDesk, nux, rigFolder } from './fixtures.ts';
import type { Rig } from './fixtures.ts';
import { until } from '../worker/until.ts';

interface Raw {
  readonly status: number;
  readonly body: unknown;
}

interface Odd {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly chunked?: boolean;
}

describe('the door', () => {
  let rig: Rig;
  let door: Door;
  let secret: string;

  beforeEach(async () => {
    rig = await rigFolder();
    secret = await rig.tokens.issue(nux);
    door = await rig.open();
  });

  afterEach(async () => {
    await door.close();
    await rm(rig.folder, { recursive: true });
  });

  async function reopen(...args: Parameters<Rig['open']>): Promise<void> {
    await door.close();
    door = await rig.open(...args);
  }

  function ask(odd: Odd = {}): Promise<Raw> {
    const { method = 'POST', path = '/v1/task', headers = {}, body = '{}', chunked = false } = odd;
    const all = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      ...(chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${door.address}${path}`, { method, headers: all, agent: false }, (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async function refused(odd: Odd): Promise<string> {
    const { status, body } = await ask(odd);
    return `${String(status)} ${v.parse(failure, body).error.reason}`;
  }

  const bodies: Readonly<Record<Verb, unknown>> = {
    task: {},
    done: { summary: 'Added it.' },
    permission: { ask: 'ak-12345', tool: 'run', detail: 'npm test' },
    usage: { usage: { input: 1, cachedInput: 2, output: 3 } },
    status: {},
  };

  for (const [verb, body] of Object.entries(bodies) as [Verb, unknown][]) {
    it(`answers ${verb} in the words of the protocol`, async () => {
      const { status, body: reply } = await ask({ path: `/v1/${verb}`, body: JSON.stringify(body) });
      assert.equal(status, 200);
      assert.deepEqual(v.parse(v.strictObject(replies[verb].entries as v.ObjectEntries), reply), reply);
    });
  }

  it('says where it is in a file and a folder that only their owner can read', async function () {
    assert.deepEqual(await readDoor(rig.home), { version: 1, address: door.address, epoch: 1 });
    if (process.platform === 'win32') this.skip();
    assert.equal((await stat(rig.home)).mode & 0o777, 0o700);
    for (const name of ['door/door.json', 'door/person.token', 'tokens.json'])
      assert.equal((await stat(join(rig.folder, name))).mode & 0o777, 0o600, name);
  });

  it('takes its address back when it closes, but not that of the door after it', async () => {
    const next = await rig.open();
    await door.close();
    assert.equal((await readDoor(rig.home))?.address, next.address);
    await next.close();
    assert.equal(await readDoor(rig.home), null);
    door = await rig.open();
  });

  it('tells the desk who speaks by their token', async () => {
    const callers: Caller[] = [];
    const desk = fakeDesk({ usage: (caller) => Promise.resolve(void callers.push(caller)) });
    await reopen(desk);
    await ask({ path: '/v1/usage', body: JSON.stringify(bodies.usage) });
    assert.deepEqual(callers, [nux]);
  });

  it('knows no wrong, missing, foreign or revoked token', async () => {
    const foreign = await rigFolder();
    const theirs = await foreign.tokens.issue(nux);
    await rm(foreign.folder, { recursive: true });
    for (const authorization of [`Bearer ${theirs}`, `Bearer ${secret}x`, 'Bearer ', `Basic ${secret}`, ''])
      assert.equal(await refused({ headers: { authorization } }), '401 unauthorized', authorization);
    await rig.tokens.revoke(nux);
    assert.equal(await refused({}), '401 unauthorized');
  });

  it('knows tokens again after a reload, and keeps no secret on disk', async () => {
    await door.close();
    const file = join(rig.folder, 'tokens.json');
    const tokens = await openTokenBook(file);
    assert.deepEqual(tokens.callerOf(secret), nux);
    assert.ok(!(await readFile(file, 'utf8')).includes(secret));
    door = await rig.open();
  });

  it('knows a session by both secrets when its start was tried twice, and by none once it is over', async () => {
    const next = await rig.tokens.issue(nux);
    assert.deepEqual([rig.tokens.callerOf(secret), rig.tokens.callerOf(next)], [nux, nux]);
    await rig.tokens.revoke(nux);
    assert.deepEqual([rig.tokens.callerOf(secret), rig.tokens.callerOf(next)], [null, null]);
  });

  it('keeps every one of many tokens issued at once', async () => {
    const callers = Array.from({ length: 10 }, (_, token) => ({ ...nux, token }));
    const secrets = await Promise.all(callers.map((caller) => rig.tokens.issue(caller)));
    const again = await openTokenBook(join(rig.folder, 'tokens.json'));
    assert.deepEqual(
      secrets.map((one) => again.callerOf(one)),
      callers,
    );
  });

  it('shows the person the status and lets them speak for no agent', async () => {
    const authorization = `Bearer ${(await readPersonToken(rig.home)) ?? ''}`;
    assert.equal((await ask({ path: '/v1/status', headers: { authorization } })).status, 200);
    assert.equal(await refused({ path: '/v1/task', headers: { authorization } }), '403 forbidden');
  });

  it('refuses pages of a browser: by their origin, or by a name that was made to point here', async () => {
    const port = new URL(door.address).port;
    for (const headers of [
      { origin: 'https://example.com' },
      { origin: 'null' },
      { origin: door.address },
      { host: `evil.example:${port}` },
      { host: `localhost:${port}` },
      { host: '127.0.0.1' },
    ] as Readonly<Record<string, string>>[])
      assert.equal(await refused({ headers }), '403 forbidden', JSON.stringify(headers));
  });

  it('knows no other verb, path or method', async () => {
    for (const path of ['/v1/fly', '/v1/constructor', '/v1/__proto__', '/v2/task', '/', '/v1/task?x'])
      assert.equal(await refused({ path }), '404 no_such_verb', path);
    assert.equal(await refused({ method: 'GET' }), '404 no_such_verb');
  });

  it('takes only JSON that is what the verb asks for', async () => {
    assert.equal(await refused({ headers: { 'content-type': 'text/plain' } }), '415 not_json');
    for (const body of ['', '{', '[]', 'null', '{"more":1}'])
      assert.equal(await refused({ body }), '422 invalid', body);
    const usage = JSON.stringify({ usage: { input: -1, cachedInput: 0, output: 0 } });
    assert.equal(await refused({ path: '/v1/usage', body: usage }), '422 invalid');
  });

  for (const chunked of [false, true]) {
    it(`refuses a body of more than 256 KiB ${chunked ? 'that does not say its size' : 'by its size'}`, async () => {
      const body = JSON.stringify({ summary: 'x'.repeat(300 * 1024) });
      assert.equal(await refused({ path: '/v1/done', body, chunked }), '413 too_large');
    });
  }

  it('gives each refusal of the desk its own status', async () => {
    const cases = { late: 409, unknown: 404, unavailable: 503, invalid: 422 } as const;
    for (const [reason, status] of Object.entries(cases)) {
      const error = new DeskError(reason as keyof typeof cases, 'Why.');
      await reopen(fakeDesk({ task: () => Promise.reject(error) }));
      assert.equal(await refused({}), `${String(status)} ${reason}`);
    }
  });

  it('does not tell a caller what went wrong inside', async () => {
    await reopen(fakeDesk({ task: () => Promise.reject(new Error('secret detail')) }));
    const { status, body } = await ask();
    assert.equal(status, 500);
    assert.doesNotMatch(JSON.stringify(body), /secret detail/);
  });

  it('stops waiting for a person when the agent that asked goes away', async () => {
    let asked: AbortSignal | null = null;
    const permission = (...[, , , , signal]: [unknown, unknown, unknown, unknown, AbortSignal]) => {
      asked = signal;
      return new Promise<'allow'>(() => undefined);
    };
    await reopen(fakeDesk({ permission }));
    const gone = new AbortController();
    const sent = request(`${door.address}/v1/permission`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      signal: gone.signal,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify(bodies.permission));
    const signal = await until<AbortSignal | null>(() => asked);
    assert.ok(!signal.aborted);
    gone.abort();
    await until(() => signal.aborted);
  });
});
