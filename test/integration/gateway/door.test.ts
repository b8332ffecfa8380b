import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type IncomingMessage, type Server, request } from 'node:http';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { readDoor, readPersonToken } from '../../../src/gateway/home.ts';
import { failure, replies } from '../../../src/gateway/protocol.ts';
import type { Verb } from '../../../src/gateway/protocol.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { runAtDoor } from '../../../src/gateway/runAtDoor.ts';
import { openTokenBook } from '../../../src/gateway/tokens.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import type { Caller } from '../../../src/ports/desk.ts';
import { rigId } from '../../fakes/events.ts';
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
  readonly signal?: AbortSignal;
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
    const { method = 'POST', path = '/v1/task', headers = {}, body = '{}', chunked = false, signal } = odd;
    const all = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      ...(chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const until = signal === undefined ? {} : { signal };
      const options = { method, path, headers: all, agent: false, ...until };
      const sent = request(door.address, options, (response) => {
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

  const id = '11111111-1111-4111-8111-111111111111';
  const bodies: Readonly<Record<Verb, unknown>> = {
    task: {},
    done: { id, summary: 'Added it.' },
    permission: { ask: 'ak-12345', tool: 'run', detail: 'npm test' },
    usage: { id, usage: { input: 1, cachedInput: 2, output: 3 } },
    fuel: {
      readings: [{ gauge: '5h', model: null, used: 0.5, capacity: null, resetsAt: 7, source: 'headers' }],
      trouble: { kind: 'limit', until: 7, detail: 'Used up.' },
    },
    question: { ask: 'ak-12345', question: 'Tabs or spaces?' },
    note: { id, kind: 'checkpoint', text: 'Half of it.' },
    forgetCheckpoint: {},
    handOff: { id, text: 'The rest.' },
    split: { id, drafts: [{ title: 'Other', description: '', criteria: ['done'] }] },
    comment: { id, thread: 'rt-12345', words: 'It is 60 now.', resolve: true },
    wish: { id, wish: { type: 'stopTown' } },
  };

  for (const [verb, body] of Object.entries(bodies) as [Verb, unknown][]) {
    it(`answers ${verb} in the words of the protocol`, async () => {
      const asPerson = { authorization: `Bearer ${(await readPersonToken(rig.home)) ?? ''}` };
      const headers = verb === 'wish' ? asPerson : {};
      const { status, body: reply } = await ask({ path: `/v1/${verb}`, body: JSON.stringify(body), headers });
      assert.equal(status, 200);
      assert.deepEqual(v.parse(replies[verb], reply), reply);
    });
  }

  it('says where it is in a file and a folder that only their owner can read', async function () {
    const { key = '', ...file } = (await readDoor(rig.home)) ?? {};
    assert.deepEqual(file, { version: 1, address: door.address, epoch: 1, socket: door.socket });
    assert.equal(key.length, 43);
    if (process.platform === 'win32') this.skip();
    for (const name of ['door', 'person'])
      assert.equal((await stat(join(rig.folder, name))).mode & 0o777, 0o700, name);
    for (const name of ['door/door.json', 'person/token', 'tokens.json'])
      assert.equal((await stat(join(rig.folder, name))).mode & 0o777, 0o600, name);
  });

  it('closes although its address cannot be taken back, and says why', async () => {
    const problems: unknown[] = [];
    await reopen(fakeDesk(), { onError: (error) => problems.push(error) });
    await writeFile(join(rig.home, 'door.json'), '{"torn');
    const { address } = door;
    await door.close();
    assert.ok(problems[0] instanceof SyntaxError);
    await assert.rejects(fetch(address));
    door = await rig.open();
  });

  it('leaves nothing open when its address cannot be written down', async () => {
    await door.close();
    const heard: Server[] = [];
    const listen = (message: unknown): void => void heard.push((message as { server: Server }).server);
    subscribe('tracing:net.server.listen:asyncStart', listen);
    await rm(join(rig.home, 'door.json'), { force: true });
    await mkdir(join(rig.home, 'door.json', 'in the way'), { recursive: true });
    await assert.rejects(rig.open());
    unsubscribe('tracing:net.server.listen:asyncStart', listen);
    assert.deepEqual([...new Set(heard.map(({ listening }) => listening))], [false]);
    await rm(join(rig.home, 'door.json'), { recursive: true });
    door = await rig.open();
  });

  it("hands no agent the person's secret with the folder that tells where the door is", async () => {
    const secret = (await readPersonToken(rig.home)) ?? '';
    assert.notEqual(secret, '');
    for (const name of await readdir(rig.home, { recursive: true }))
      assert.ok(!(await readFile(join(rig.home, name), 'utf8')).includes(secret), name);
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
    assert.deepEqual(tokens.holderOf(secret), { ...nux, role: 'polecat' });
    assert.ok(!(await readFile(file, 'utf8')).includes(secret));
    door = await rig.open();
  });

  it('knows a session by both secrets when its start was tried twice, and by none once it is over', async () => {
    const next = await rig.tokens.issue(nux);
    const both = [rig.tokens.holderOf(secret), rig.tokens.holderOf(next)];
    assert.deepEqual(
      both.map((holder) => holder?.polecat),
      [nux.polecat, nux.polecat],
    );
    await rig.tokens.revoke(nux);
    assert.deepEqual([rig.tokens.holderOf(secret), rig.tokens.holderOf(next)], [null, null]);
  });

  it('keeps every one of many tokens issued at once', async () => {
    const callers = Array.from({ length: 10 }, (_, token) => ({ ...nux, token }));
    const secrets = await Promise.all(callers.map((caller) => rig.tokens.issue(caller)));
    const again = await openTokenBook(join(rig.folder, 'tokens.json'));
    assert.deepEqual(
      secrets.map((one) => again.holderOf(one)?.token),
      callers.map(({ token }) => token),
    );
  });

  it('lets the person speak for no agent', async () => {
    const authorization = `Bearer ${(await readPersonToken(rig.home)) ?? ''}`;
    assert.equal(await refused({ path: '/v1/task', headers: { authorization } }), '403 forbidden');
  });

  it('says what may be wrong with a token that it does not know', async () => {
    const foreign = await rigFolder();
    const theirs = await foreign.tokens.issue(nux);
    await rm(foreign.folder, { recursive: true });
    const { body } = await ask({ headers: { authorization: `Bearer ${theirs}` } });
    assert.match(v.parse(failure, body).error.message, /its session is over, or it belongs to another rig/);
  });

  it('lets an agent of another role do no work of a polecat', async () => {
    const mayor = await rig.tokens.issue({ ...nux, token: 8 }, 'mayor');
    const headers = { authorization: `Bearer ${mayor}` };
    assert.equal(await refused({ headers }), '403 forbidden');
    const call = {
      id,
      program: 'rigs',
      argv: ['status'],
      stdin: '',
      cwd: '/',
      columns: null,
      colours: false,
    } as const;
    assert.equal((await runAtDoor(rig.home, mayor, call)).exit, 0);
  });

  it('lets no agent wish or follow', async () => {
    const body = JSON.stringify(bodies.wish);
    assert.equal(await refused({ path: '/v1/wish', body }), '403 forbidden');
    assert.equal(await refused({ path: '/v1/follow', method: 'GET' }), '403 forbidden');
    assert.equal(rig.control.state.stopped, false);
  });

  it('refuses who may not ask before it reads on', async () => {
    const { pathname, hostname, port } = new URL(`${door.address}/v1/wish`);
    const headers = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      'content-length': 30_000_000,
    };
    const sent = request({ method: 'POST', path: pathname, hostname, port, headers, agent: false });
    sent.flushHeaders();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 403);
    sent.on('error', () => undefined).destroy();
  });

  it('holds only so many bytes that one token sends at once', async () => {
    const holding = Array.from({ length: 3 }, () => {
      const sent = request(`${door.address}/v1/done`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        agent: false,
      });
      sent.on('error', () => undefined).write('x'.repeat(250 * 1024));
      return sent;
    });
    const refusal = await Promise.any(
      holding.map(async (sent) => ((await once(sent, 'response')) as [IncomingMessage])[0]),
    );
    assert.equal(refusal.statusCode, 429);
    for (const sent of holding) sent.destroy();
    await until(
      async () => (await ask({ path: '/v1/done', body: JSON.stringify(bodies.done) })).status === 200,
    );
  });

  it('stays open when the system refuses it connections for a while', async () => {
    const problems: unknown[] = [];
    const heard: Server[] = [];
    const listen = (message: unknown): void => void heard.push((message as { server: Server }).server);
    subscribe('tracing:net.server.listen:asyncStart', listen);
    await reopen(fakeDesk(), { onError: (error) => problems.push(error) });
    unsubscribe('tracing:net.server.listen:asyncStart', listen);
    const [server] = heard;
    const full = [new Error('accept EMFILE'), new Error('accept EMFILE')];
    for (const error of full) server?.emit('error', error);
    assert.deepEqual(problems, full);
    assert.equal((await ask()).status, 200);
  });

  it('takes a wish once, however often it is said, and answers each time', async () => {
    rig.control.happen({
      type: 'rig.adopted',
      id: rigId,
      name: 'r',
      commonDir: '/r/.git',
      target: 'main',
      at: 1,
    });
    const headers = { authorization: `Bearer ${(await readPersonToken(rig.home)) ?? ''}` };
    const said = { path: '/v1/wish', body: JSON.stringify(bodies.wish), headers };
    const answers = [await ask(said), await ask(said)].map(({ body }) => body);
    assert.deepEqual(answers, [
      { ok: true, seq: 2 },
      { ok: true, seq: 2 },
    ]);
    assert.equal(rig.control.wishes.length, 1);
  });

  it('lets one token wait for so many answers at once, and no more', async () => {
    const never = () => new Promise<never>(() => undefined);
    await reopen(fakeDesk({ done: never }), {
      limits: { perSecond: 100, burst: 100, waiting: 2, patient: 9 },
    });
    const gone = new AbortController();
    const waits = { path: '/v1/done', body: JSON.stringify(bodies.done), signal: gone.signal };
    const waiting = [ask(waits), ask(waits)].map((one) => one.catch(() => 'hung up'));
    const third = await until(async () => {
      const { status } = await ask();
      return status === 429 ? status : null;
    });
    assert.equal(third, 429);
    gone.abort();
    assert.deepEqual(await Promise.all(waiting), ['hung up', 'hung up']);
    await until(async () => (await ask()).status === 200);
  });

  it('slows down a token that asks too often, and no other', async () => {
    await reopen(fakeDesk(), { limits: { perSecond: 0.01, burst: 3, waiting: 9, patient: 9 } });
    const other = await rig.tokens.issue({ ...nux, token: 8 });
    for (let call = 0; call < 3; call += 1) assert.equal((await ask()).status, 200);
    assert.equal(await refused({}), '429 too_often');
    assert.equal((await ask({ headers: { authorization: `Bearer ${other}` } })).status, 200);
  });

  it('lets one token wait for so many people at once, and no more, and answers its other calls meanwhile', async () => {
    const never = () => new Promise<never>(() => undefined);
    await reopen(fakeDesk({ permission: never }), {
      limits: { perSecond: 100, burst: 100, waiting: 9, patient: 2 },
    });
    const gone = new AbortController();
    const waits = { path: '/v1/permission', body: JSON.stringify(bodies.permission), signal: gone.signal };
    const waiting = [ask(waits), ask(waits)].map((one) => one.catch(() => 'hung up'));
    const third = await until(async () => {
      const soon = AbortSignal.any([AbortSignal.timeout(500), gone.signal]);
      return ask({ ...waits, signal: soon }).catch(() => null);
    });
    assert.equal(third.status, 429);
    assert.equal((await ask()).status, 200);
    gone.abort();
    assert.deepEqual(await Promise.all(waiting), ['hung up', 'hung up']);
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
      { host: `[::1]:${port}` },
      { host: `127.0.0.1.nip.example:${port}` },
      { host: `0x7f.1:${port}` },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Readonly<Record<string, string>>[])
      assert.equal(await refused({ headers }), '403 forbidden', JSON.stringify(headers));
  });

  it('knows no other verb, path or method', async () => {
    const host = new URL(door.address).host;
    for (const path of [
      '/v1/fly',
      '/v1/constructor',
      '/v1/__proto__',
      '/',
      '/v1/task?x',
      '/v1/hello',
      '/v1/follow',
      `//${host}/v1/task`,
      `http://${host}/v1/task`,
      'http://evil.example/v1/task',
    ])
      assert.equal(await refused({ path }), '404 no_such_verb', path);
    assert.equal(await refused({ method: 'GET' }), '404 no_such_verb');
  });

  it('says in words that it speaks another version than it was asked in', async () => {
    const { status, body } = await ask({ path: '/v2/task' });
    assert.equal(status, 400);
    const { reason, message } = v.parse(failure, body).error;
    assert.equal(reason, 'other_version');
    assert.match(message, /speaks version 1 .* asked in version 2/);
  });

  it('takes only JSON that is what the verb asks for', async () => {
    assert.equal(await refused({ headers: { 'content-type': 'text/plain' } }), '415 not_json');
    for (const body of ['', '{', '[]', 'null', '{"more":1}'])
      assert.equal(await refused({ body }), '422 invalid', body);
    const usage = JSON.stringify({ id, usage: { input: -1, cachedInput: 0, output: 0 } });
    assert.equal(await refused({ path: '/v1/usage', body: usage }), '422 invalid');
  });

  for (const chunked of [false, true]) {
    it(`refuses a body of more than 256 KiB ${chunked ? 'that does not say its size' : 'by its size'}`, async () => {
      const body = JSON.stringify({ id, summary: 'x'.repeat(300 * 1024) });
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
