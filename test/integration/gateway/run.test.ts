import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { CommandCall } from '../../../src/gateway/command.ts';
import { packCommand } from '../../../src/gateway/commandBody.ts';
import { readDoor, readPersonToken } from '../../../src/gateway/home.ts';
import { runAtDoor } from '../../../src/gateway/runAtDoor.ts';
import type { Door } from '../../../src/gateway/server.ts';
import { HookError } from '../../../src/ports/agents.ts';
import { DeskError } from '../../../src/ports/desk.ts';
import { until } from '../worker/until.ts';
import { type Rig, fakeDesk, nux, rigFolder } from './fixtures.ts';

const calling = (...argv: readonly string[]): CommandCall => ({
  id: randomUUID(),
  program: 'rigs',
  argv,
  stdin: '',
  cwd: '/work',
  columns: null,
  colours: false,
});

describe('a command line at the door', () => {
  let rig: Rig;
  let secret: string;
  let door: Door;
  let problems: unknown[];

  beforeEach(async () => {
    rig = await rigFolder();
    secret = await rig.tokens.issue(nux);
    problems = [];
  });

  afterEach(async () => {
    await door.close();
    await rm(rig.folder, { recursive: true });
  });

  async function open(...[desk, own]: Parameters<Rig['open']>): Promise<void> {
    door = await rig.open(desk, { onError: (error) => problems.push(error), ...own });
  }

  it('comes through as it was called, and is answered with what is to be printed', async () => {
    const heard: unknown[] = [];
    await open(fakeDesk(), {
      run: (speaker, call) => {
        heard.push(speaker, call);
        return Promise.resolve({ exit: 4, out: 'no such bead\nünï\0\n\n' });
      },
    });
    const call: CommandCall = {
      ...calling('bead', 'show', 'a\nb "$(x)" ü', ''),
      program: 'rgt',
      stdin: 'typed',
      columns: 80,
      colours: true,
    };
    assert.deepEqual(await runAtDoor(rig.home, secret, call), { exit: 4, out: 'no such bead\nünï\n\n' });
    assert.deepEqual(heard, [{ ...nux, role: 'polecat' }, call]);
    await runAtDoor(rig.home, (await readPersonToken(rig.home)) ?? '', calling('status'));
    assert.equal(heard[2], 'person');
  });

  it('is not carried out twice when its answer got lost', async () => {
    let runs = 0;
    await open(fakeDesk(), { run: () => Promise.resolve({ exit: 0, out: String((runs += 1)) }) });
    const call = calling('bead', 'create', 'x');
    assert.equal((await runAtDoor(rig.home, secret, call)).out, '1');
    assert.equal((await runAtDoor(rig.home, secret, call)).out, '1');
    assert.equal((await runAtDoor(rig.home, (await readPersonToken(rig.home)) ?? '', call)).out, '2');
  });

  it('is refused without a token, and when it is none', async () => {
    await open();
    await assert.rejects(runAtDoor(rig.home, 'wrong', calling('status')), { reason: 'unauthorized' });
    await assert.rejects(runAtDoor(rig.home, secret, { ...calling('status'), id: 'x' }), {
      reason: 'invalid',
    });
  });

  it("of a vendor's hook goes to the desk, and prints what that says", async () => {
    const heard: unknown[] = [];
    await open(
      fakeDesk({
        hook: (...[caller, event, body]) => {
          heard.push(caller, event, body);
          return Promise.resolve('{"continue":true}');
        },
      }),
    );
    const stdin = JSON.stringify({ tool_response: 'x'.repeat(7 * 1024 * 1024) });
    const call = { ...calling('agent-hook', 'PostToolUse'), stdin };
    assert.deepEqual(await runAtDoor(rig.home, secret, call), { exit: 0, out: '{"continue":true}' });
    assert.deepEqual(heard, [nux, 'PostToolUse', stdin]);
  });

  it("of a vendor's hook is heard once when it is said again under its id", async () => {
    let heard = 0;
    const hook = () => {
      heard += 1;
      return Promise.resolve(`answer ${String(heard)}`);
    };
    await open(fakeDesk({ hook }));
    const call = calling('agent-hook', 'Stop');
    const first = await runAtDoor(rig.home, secret, call);
    assert.deepEqual(await runAtDoor(rig.home, secret, call), first);
    assert.equal(heard, 1);
    assert.equal((await runAtDoor(rig.home, secret, { ...call, id: randomUUID() })).out, 'answer 2');
  });

  it("of a vendor's hook never fails that vendor's program", async () => {
    const silent = { exit: 0, out: '' };
    const hook = calling('agent-hook', 'Stop');
    for (const error of [
      new DeskError('late', 'Over.'),
      new HookError('No such event.'),
      new Error('broken'),
    ]) {
      await open(fakeDesk({ hook: () => Promise.reject(error) }));
      assert.deepEqual(await runAtDoor(rig.home, secret, { ...hook, id: randomUUID() }), silent);
      await door.close();
    }
    assert.deepEqual(problems.map(String), ['Error: broken']);
    assert.deepEqual(await runAtDoor(rig.home, secret, hook, { patienceMs: 0 }), silent);
    await open();
    assert.deepEqual(await runAtDoor(rig.home, 'wrong', hook), silent);
    assert.deepEqual(
      await runAtDoor(rig.home, secret, { ...hook, stdin: 'x'.repeat(9 * 1024 * 1024) }),
      silent,
    );
  });

  describe('through a socket', () => {
    let places: string;

    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    beforeEach(() => {
      places = join(rig.folder, 'run', 'rigs');
    });

    const openThere = (...folders: readonly string[]) =>
      open(fakeDesk(), { sockets: folders.length === 0 ? [places] : folders });

    /** What a shell sends; resolves with the whole answer. */
    function say(socket: string, text: string, end: boolean): Promise<string> {
      return new Promise((resolve, reject) => {
        let answer = '';
        const line = connect({ path: socket, allowHalfOpen: true }, () => {
          if (end) line.end(text);
          else line.write(text);
        });
        line.on('data', (piece: Buffer) => (answer += piece.toString()));
        line.on('end', () => {
          line.end();
          resolve(answer);
        });
        line.on('error', reject);
      });
    }

    const request = (call: CommandCall) => {
      const body = packCommand(call);
      return [
        'POST /v1/run HTTP/1.1',
        'host: rigs',
        'connection: close',
        `authorization: Bearer ${secret}`,
        'content-type: application/octet-stream',
        `content-length: ${String(Buffer.byteLength(body))}`,
        `rigs-call: ${call.id}`,
        'rigs-program: rigs',
        '',
        body,
      ].join('\r\n');
    };

    it('is told in door.json, in a folder that only its owner can enter', async () => {
      await mkdir(join(rig.folder, 'run'));
      await openThere();
      const socket = (await readDoor(rig.home))?.socket ?? '';
      assert.ok(socket.startsWith(`${places}/`));
      assert.equal((await stat(places)).mode & 0o777, 0o700);
      for (const end of [true, false])
        assert.match(
          await say(socket, request(calling('status')), end),
          /^HTTP\/1\.1 200 .*x-rigs-exit: 0\r\n.*"status"/s,
        );
      await door.close();
      assert.deepEqual(await readdir(places), []);
    });

    it('is answered late to who closed its half, and given up when that one is gone', async () => {
      await mkdir(join(rig.folder, 'run'));
      const signals: AbortSignal[] = [];
      let answer = (): void => undefined;
      await open(fakeDesk(), {
        sockets: [places],
        lookAfterMs: 20,
        run: (_speaker, _call, signal) => {
          signals.push(signal);
          return new Promise((resolve) => {
            answer = () => {
              resolve({ exit: 0, out: 'late' });
            };
          });
        },
      });
      const waiting = say(door.socket ?? '', request(calling('done')), true);
      await until(() => signals.length === 1);
      answer();
      assert.match(await waiting, /late$/);
      const killed = connect(door.socket ?? '');
      killed.end(request(calling('done')));
      await until(() => signals.length === 2);
      killed.destroy();
      await until(() => signals[1]?.aborted === true);
    });

    it('is cleared of what a killed window left, and of nothing else', async () => {
      await mkdir(places, { recursive: true });
      await chmod(places, 0o700);
      await openThere();
      const name = door.socket?.slice(places.length + 1) ?? '';
      await door.close();
      const others = ['0123456789abcdef-1.sock', 'else'];
      for (const one of [name, ...others]) await writeFile(join(places, one), '');
      await openThere();
      assert.notEqual(door.socket, null);
      const now = [door.socket?.slice(places.length + 1) ?? '', ...others];
      assert.deepEqual((await readdir(places)).toSorted(), now.toSorted());
    });

    it('stands in no folder that others could have made or may write to, nor under a long name', async () => {
      const shared = join(rig.folder, 'shared');
      const link = join(rig.folder, 'link');
      await mkdir(shared);
      await chmod(shared, 0o777);
      await symlink(shared, link);
      const long = join(rig.folder, 'x'.repeat(90));
      await openThere(
        link,
        join(shared, 'rigs'),
        long,
        join(rig.folder, 'not', 'there'),
        join(rig.folder, 'a b'),
      );
      assert.equal(door.socket, null);
      assert.equal((await readDoor(rig.home))?.socket, null);
      await door.close();
      await writeFile(
        join(rig.home, 'door.json'),
        '{"version":1,"address":"http://127.0.0.1:1","epoch":1,"key":"' + 'x'.repeat(43) + '"}',
      );
      assert.equal((await readDoor(rig.home))?.socket, null);
      await openThere(long, join(rig.folder, 'own'));
      assert.ok(String(door.socket).startsWith(join(rig.folder, 'own')));
    });
  });
});
