import assert from 'node:assert/strict';
import { assemble } from '../../../src/providers/claude/assemble.ts';

const start = { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } };
const stop = { type: 'message_stop' };
const ended = (reason: string) => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage: { output_tokens: 7 },
});
const text = (index: number, piece: string) => [
  { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } },
  { type: 'content_block_stop', index },
];
const call = (index: number, ...pieces: string[]) => [
  {
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'read', input: {} },
  },
  ...pieces.map((piece) => ({
    type: 'content_block_delta',
    index,
    delta: { type: 'input_json_delta', partial_json: piece },
  })),
  { type: 'content_block_stop', index },
];

async function* streamed(events: readonly unknown[]): AsyncGenerator {
  for (const event of events) yield await Promise.resolve(event);
}

function put(...events: readonly unknown[]): ReturnType<typeof assemble> {
  return assemble(streamed(events), 1000, () => undefined);
}

describe('a streamed answer', () => {
  it('is put together from its pieces', async () => {
    const answer = await put(
      start,
      ...text(0, 'Hi.'),
      ...call(1, '{"path":', '"a"}'),
      ended('tool_use'),
      stop,
    );
    assert.deepEqual(answer, {
      content: [
        { type: 'text', text: 'Hi.' },
        { type: 'tool_use', id: 'toolu_1', name: 'read', input: { path: 'a' } },
      ],
      stop: 'tool_use',
      usage: { input: 10, cachedInput: 0, output: 7 },
    });
  });

  it('counts what was written into the cache as input, and keeps counts that are not repeated', async () => {
    const usage = {
      input_tokens: 1,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 300,
      output_tokens: 1,
    };
    const answer = await put({ type: 'message_start', message: { usage } }, ended('end_turn'), stop);
    assert.deepEqual(answer.usage, { input: 21, cachedInput: 300, output: 7 });
  });

  it('passes over what it does not know', async () => {
    const thinking = [
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'something_new', data: 1 },
    ];
    const answer = await put(start, ...thinking, ...text(1, 'Hi.'), ended('end_turn'), stop);
    assert.deepEqual(answer.content, [{ type: 'text', text: 'Hi.' }]);
  });

  it('leaves out a call that the limit on tokens cut in two', async () => {
    const answer = await put(start, ...text(0, 'Hi.'), ...call(1, '{"pa'), ended('max_tokens'), stop);
    assert.deepEqual([answer.content, answer.stop], [[{ type: 'text', text: 'Hi.' }], 'max_tokens']);
  });

  it('makes no sense with a call that is not JSON, or not an object', async () => {
    await assert.rejects(put(start, ...call(0, '{"pa'), ended('tool_use'), stop), { reason: 'protocol' });
    await assert.rejects(put(start, ...call(0, '[1]'), ended('tool_use'), stop), { reason: 'protocol' });
  });

  it('broke off when it does not end, and was none when it never began', async () => {
    await assert.rejects(put(start, ...text(0, 'Hi.')), { reason: 'connection' });
    await assert.rejects(put(), { reason: 'protocol' });
  });

  it('makes no sense with events of the wrong shape', async () => {
    await assert.rejects(put({ type: 'message_start', message: 'hello' }), { reason: 'protocol' });
    await assert.rejects(put('~'), { reason: 'protocol' });
  });

  it('is given up when it has no end', async () => {
    const forEver = Array.from({ length: 100 }, () => text(0, 'x'.repeat(1000))).flat();
    await assert.rejects(put(start, ...forEver), { reason: 'protocol', message: /without end/ });
  });
});
