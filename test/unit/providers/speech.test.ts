import assert from 'node:assert/strict';
import type { Choice } from '../../../src/providers/rehearsal/choose.ts';
import { collected } from '../../../src/providers/rehearsal/collected.ts';
import { speech } from '../../../src/providers/rehearsal/speech.ts';
import type { MessagesRequest } from '../../../src/providers/rehearsal/wire.ts';

const request: MessagesRequest = {
  model: 'rehearsal',
  max_tokens: 1000,
  stream: false,
  system: 'system',
  messages: [{ role: 'user', content: 'question' }],
  tools: [],
};
const choice: Choice = {
  key: 'k',
  say: 'A cactus 🌵🌵🌵🌵🌵🌵🌵🌵🌵 and some words.',
  calls: [{ name: 'read', input: { path: 'a' } }],
  pauseMs: 700,
  fault: null,
};

describe("the rehearsal's speech", () => {
  it('takes its time, as a model does', () => {
    const waits = [...speech(choice, request)].map(({ waitMs }) => waitMs);
    assert.equal(waits[0], 700);
    assert.ok(waits.reduce((sum, ms) => sum + ms, 0) > 800);
  });

  it('never sends half a character', () => {
    // JSON writes half a pair as its escape.
    for (const { data } of speech(choice, request)) assert.doesNotMatch(JSON.stringify(data), /\\ud[89a-f]/i);
  });

  it('is the same whole for a client that wants no stream', () => {
    const whole = collected(speech(choice, request)) as { content: { text?: string; input?: unknown }[] };
    assert.equal(whole.content[0]?.text, choice.say);
    assert.deepEqual(whole.content[1]?.input, { path: 'a' });
  });

  it('stops where the limit on tokens stops it', () => {
    const whole = collected(speech(choice, { ...request, max_tokens: 4 }));
    assert.equal((whole as { stop_reason: string }).stop_reason, 'max_tokens');
  });
});
