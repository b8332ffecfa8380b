import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { outboxOf } from '../../../src/gateway/outbox.ts';
import { type Door } from '../../../src/gateway/server.ts';
import { serveTools } from '../../../src/mcp/serve.ts';
import { speakerIn } from '../../../src/mcp/speaker.ts';
import { DeskError, type Desk, type SplitDraft } from '../../../src/ports/desk.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { type Rig, fakeDesk, nux, rigFolder, task } from '../gateway/fixtures.ts';

const main = path.resolve(import.meta.dirname, '../../../src/mcp/main.ts');

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

async function use(client: Client, name: string, args = {}, options: RequestOptions = {}): Promise<Answer> {
  const answer = await client.callTool({ name, arguments: args }, undefined, options);
  const [first] = answer.content as readonly { readonly text: string }[];
  return { text: first?.text ?? '', isError: answer.isError === true };
}

describe('the tools of Rigs, as an agent’s own client calls them', () => {
  let rig: Rig;
  let door: Door;
  let client: Client;
  let desk: Partial<Desk>;
  let env: Record<string, string>;

  before(async () => {
    rig = await rigFolder();
    // Whatever a test puts there answers.
    const usual = fakeDesk();
    const answering = new Proxy(usual, {
      get: (_, name): unknown => Reflect.get(desk, name) ?? Reflect.get(usual, name),
    });
    door = await rig.open(answering);
    env = { RIGS_HOME: rig.home, RIGS_TOKEN: await rig.tokens.issue(nux) };
    client = new Client({ name: 'an agent', version: '1' });
    const path_ = process.env['PATH'] ?? '';
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [main], env: { ...env, PATH: path_ } }),
    );
  });
  beforeEach(() => {
    desk = {};
  });
  after(async () => {
    await client.close();
    await door.close();
    await rm(rig.folder, { recursive: true });
  });

  it('are six, and say what they take', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map((one) => one.name),
      ['rigs_task', 'rigs_done', 'rigs_ask', 'rigs_note', 'rigs_split', 'rigs_comment'],
    );
  });

  it('tell the task again, and no key that came with it', async () => {
    const { text, isError } = await use(client, 'rigs_task');
    assert.deepEqual([text, isError], [task.frame, false]);
  });

  it('say done with the agent’s own words, under an id of its own each time', async () => {
    const said: string[] = [];
    const ids = new Set<string>();
    desk.done = (caller, summary, claim) => {
      assert.deepEqual({ polecat: caller.polecat, token: caller.token }, nux);
      said.push(summary);
      ids.add(claim);
      return Promise.resolve({ accepted: true, message: 'Accepted.', goOn: false });
    };
    assert.deepEqual(await use(client, 'rigs_done', { summary: 'Added it.' }), {
      text: 'Accepted.',
      isError: false,
    });
    await use(client, 'rigs_done', { summary: 'Added it.' });
    assert.deepEqual([said, ids.size], [['Added it.', 'Added it.'], 2]);
  });

  it('answer a comment of a review, and nothing that is none', async () => {
    const said: unknown[] = [];
    desk.comment = (caller, _id, answer) => {
      said.push([caller.polecat, answer]);
      return Promise.resolve();
    };
    const args = { id: 'rt-12345', words: ' It is 60 now. ', resolve: true };
    assert.deepEqual(await use(client, 'rigs_comment', args), { text: 'Resolved.', isError: false });
    const wrong = await use(client, 'rigs_comment', { ...args, id: 'gt-12345' });
    assert.deepEqual([wrong.isError, wrong.text.includes('is no comment’s id')], [true, true]);
    const words = 'It is 60 now.';
    assert.deepEqual(said, [[nux.polecat, { thread: 'rt-12345', words, resolve: true }]]);
    desk.comment = () => Promise.reject(new DeskError('invalid', 'There is no comment rt-12345.'));
    assert.match((await use(client, 'rigs_comment', args)).text, /There is no comment/);
  });

  it('answer a done that was not accepted as an error with what is missing', async () => {
    desk.done = () => Promise.resolve({ accepted: false, message: 'Not accepted: …', goOn: true });
    assert.deepEqual(await use(client, 'rigs_done', { summary: 'x' }), {
      text: 'Not accepted: …',
      isError: true,
    });
  });

  it('ask the person, and end when the call is cancelled; asked again, it is the same question', async () => {
    const asks: string[] = [];
    let seen = (): void => undefined;
    const asked = new Promise<void>((resolve) => (seen = resolve));
    let ended = (): void => undefined;
    const hungUp = new Promise<void>((resolve) => (ended = resolve));
    desk.question = (_caller, ask, question, signal) => {
      asks.push(`${ask} ${question}`);
      if (asks.length > 1) return Promise.resolve('Blue.');
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended();
          reject(new Error('hung up'));
        });
        seen();
      });
    };
    const cancel = new AbortController();
    const waiting = use(client, 'rigs_ask', { question: 'Which colour?' }, { signal: cancel.signal });
    await asked;
    cancel.abort('lost patience');
    await assert.rejects(waiting, /lost patience/);
    await hungUp;
    assert.deepEqual(await use(client, 'rigs_ask', { question: 'Which colour?' }), {
      text: 'Blue.',
      isError: false,
    });
    assert.equal(asks.length, 2);
    assert.equal(asks[0], asks[1]);
    await use(client, 'rigs_ask', { question: 'Which colour?' });
    assert.notEqual(asks[2], asks[1]);
  });

  it('keep notes and checkpoints', async () => {
    const notes: string[] = [];
    desk.note = (_caller, { kind, text }) => {
      notes.push(`${kind}: ${text}`);
      return Promise.resolve();
    };
    await use(client, 'rigs_note', { text: 'It is in C.' });
    await use(client, 'rigs_note', { text: 'Half way.', checkpoint: true });
    assert.deepEqual(notes, ['note: It is in C.', 'checkpoint: Half way.']);
  });

  it('file further tasks', async () => {
    let filed: readonly SplitDraft[] = [];
    desk.split = (_caller, _id, drafts) => {
      filed = drafts;
      return Promise.resolve(['gt-00007' as BeadId]);
    };
    const { text } = await use(client, 'rigs_split', { tasks: [{ title: 'Docs', description: 'Missing.' }] });
    assert.match(text, /gt-00007/);
    assert.deepEqual(filed, [{ title: 'Docs', description: 'Missing.', criteria: [] }]);
  });

  it('answer what they cannot take with what to mend, and reach nobody with it', async () => {
    desk.done = () => Promise.reject(new Error('was reached'));
    for (const [name, args] of [
      ['rigs_done', {}],
      ['rigs_done', { summary: '  ' }],
      ['rigs_split', { tasks: [] }],
      ['rigs_note', { text: 7 }],
      ['rigs_land', {}],
    ] as const) {
      const { text, isError } = await use(client, name, args);
      assert.ok(isError, name);
      assert.match(text, /Mend the arguments and call it again/);
    }
  });

  it('tell an agent whose session is over to end its turn', async () => {
    desk.done = () => Promise.reject(new DeskError('late', 'This session is over.'));
    assert.deepEqual(await use(client, 'rigs_done', { summary: 'x' }), {
      text: 'This session is over. End your turn here.',
      isError: true,
    });
  });

  it('end with their client', async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: [main], env });
    const other = new Client({ name: 'another', version: '1' });
    await other.connect(transport);
    const { pid } = transport;
    assert.ok(pid !== null);
    await other.close();
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  it('keep what an agent said when they are ended before the answer', async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: [main], env });
    const other = new Client({ name: 'another', version: '1' });
    await other.connect(transport);
    const reached = new Promise<void>((resolve) => {
      desk.done = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const ended = new Promise<void>((resolve) => (other.onclose = resolve));
    const saying = use(other, 'rigs_done', { summary: 'All of it.' }).catch(() => null);
    await reached;
    process.kill(transport.pid ?? 0, 'SIGTERM');
    await ended;
    await saying;
    assert.equal((await readdir(outboxOf(rig.home))).length, 1);
  });

  describe('in a client that gives up soon', () => {
    let near: Client;
    async function connect(given: Record<string, string | undefined>, patienceMs?: number): Promise<void> {
      const [mine, theirs] = InMemoryTransport.createLinkedPair();
      await serveTools(theirs, speakerIn(given, patienceMs), 20);
      near = new Client({ name: 'near', version: '1' });
      await near.connect(mine);
    }
    afterEach(() => near.close());

    it('give signs of life as long as a person thinks', async () => {
      await connect({ ...env });
      let words = 0;
      let answer = (_text: string): void => undefined;
      desk.question = () => new Promise((resolve) => (answer = resolve));
      const options = {
        timeout: 10_000,
        resetTimeoutOnProgress: true,
        onprogress: () => {
          words += 1;
          if (words >= 3) answer('Blue.'); // the first signs may come before the question is there
        },
      };
      assert.equal((await use(near, 'rigs_ask', { question: 'Which?' }, options)).text, 'Blue.');
    });

    it('keep what no window takes, and say so', async () => {
      await connect({ ...env, RIGS_HOME: path.join(rig.folder, 'nowhere', 'door') }, 100);
      const { text, isError } = await use(near, 'rigs_done', { summary: 'x' });
      assert.match(text, /will be taken up when the window is back\. End your turn/);
      assert.equal(isError, false);
      assert.equal((await readdir(outboxOf(path.join(rig.folder, 'nowhere', 'door')))).length, 1);
      assert.match((await use(near, 'rigs_ask', { question: 'y' })).text, /Go on with your work/);
    });

    it('say so where Rigs did not start the agent', async () => {
      await connect({});
      const { text, isError } = await use(near, 'rigs_task');
      assert.match(text, /Rigs did not start this agent/);
      assert.ok(isError);
    });
  });
});
