import assert from 'node:assert/strict';
import { Counter, doingIn } from '../../../../src/providers/gemini/chat.ts';
import { Records } from '../../../../src/providers/gemini/telemetry.ts';

const since = Date.parse('2026-11-21T18:00:00Z');
const later = '2026-11-21T18:00:05.000Z';

function answered(id: string, tokens: object, timestamp = later): object {
  return { id, timestamp, type: 'gemini', content: '', thoughts: [], tokens, model: 'gemini-3.8-flash' };
}
const tokens = { input: 100, output: 20, cached: 30, thoughts: 5, tool: 2, total: 127 };
const once = { input: 72, cachedInput: 30, output: 25 };

describe("Tokens in Gemini CLI's chats", () => {
  it('are counted once for an answer that is written again with what its tools said', () => {
    const counter = new Counter(since);
    assert.deepEqual(counter.after(answered('a', tokens)), once);
    assert.equal(counter.after({ ...answered('a', tokens), toolCalls: [{}] }), null);
    assert.equal(counter.after({ $set: { messages: [answered('a', tokens)] } }), null);
    assert.deepEqual(counter.after({ $set: { messages: [answered('b', tokens)] } }), {
      input: 144,
      cachedInput: 60,
      output: 50,
    });
  });

  it('of the session that this one goes on with are not counted again', () => {
    const counter = new Counter(since);
    assert.equal(counter.after(answered('a', tokens, '2026-11-21T17:59:59.000Z')), null);
    assert.deepEqual(counter.after(answered('b', tokens)), once);
  });

  it('are those that make sense', () => {
    const counter = new Counter(since);
    for (const row of [
      null,
      3,
      'x',
      [],
      {},
      answered('a', []),
      { ...answered('a', tokens), timestamp: 'soon' },
    ])
      assert.equal(counter.after(row), null);
    const odd = { input: 5, output: -3, cached: 1e9, thoughts: '7', tool: null };
    assert.deepEqual(counter.after(answered('a', odd)), { input: 0, cachedInput: 5, output: 0 });
  });
});

describe("Rows of Gemini CLI's chats", () => {
  const row = (type: string, content: string): object => ({ id: 'x', timestamp: later, type, content });

  it('tell of a turn a person ended, which no hook does', () => {
    assert.equal(doingIn(row('info', 'Request cancelled.'))?.kind, 'idle');
  });

  it('tell of a key that is none', () => {
    const said = '[API Error: {"error":{"code":401,"message":"No","status":"UNAUTHENTICATED"}}]';
    assert.deepEqual(doingIn(row('error', said)), { kind: 'login', until: null, detail: 'No' });
  });

  it('tell nothing else', () => {
    for (const one of [row('error', '[API Error: terminated]'), row('user', 'Request cancelled.'), null, 7])
      assert.equal(doingIn(one), null);
  });
});

describe("Gemini CLI's telemetry", () => {
  const record = (name: string, more: object = {}): string =>
    `${JSON.stringify(
      {
        resource: { _rawAttributes: [['process.command_args', ['{', '}\n}\n{\n']]] },
        attributes: { 'event.name': name, 'event.timestamp': later, ...more },
      },
      null,
      2,
    )}\n`;
  const refused = record('gemini_cli.api_error', { status_code: 429, 'error.message': 'Ünfug' });
  const all = `${record('gemini_cli.config')}${refused}${record('gemini_cli.api_response')}`;
  const at = Date.parse(later);
  const expected = [
    { refused: { status: 429, said: 'Ünfug' }, at },
    { refused: null, at },
  ];

  it('tells how requests ended, wherever its pieces are cut', () => {
    for (const size of [1, 7, 64, 10_000]) {
      const records = new Records();
      const found = [];
      for (let from = 0; from < all.length; from += size)
        found.push(...records.after(all.slice(from, from + size)));
      assert.deepEqual(found, expected);
    }
  });

  it('is read on after a record of which the beginning or the end is lost', () => {
    const half = refused.slice(refused.length / 2);
    assert.deepEqual(new Records().after(`${half}${all}`), expected);
    assert.deepEqual(new Records().after(`${refused.slice(0, 50)}\n${all}`), expected);
  });

  it('is not kept where it never ends', () => {
    const records = new Records();
    for (let piece = 0; piece < 40; piece += 1)
      assert.deepEqual(records.after(`{\n${'x'.repeat(100_000)}`), []);
    assert.deepEqual(records.after(`\n${all}`), expected);
  });
});
