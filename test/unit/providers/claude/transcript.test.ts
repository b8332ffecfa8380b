import assert from 'node:assert/strict';
import { Transcript } from '../../../../src/providers/claude/agent/transcript.ts';

const start = Date.UTC(2026, 10, 21, 18);
const at = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();

/** A row as 2.1.329 writes it, shortened. */
const answer = (id: string, output: number, more: object = {}): object => ({
  parentUuid: '125b6400-1565-446c-9f75-f76f48c8e57d',
  isSidechain: false,
  type: 'assistant',
  timestamp: at(1),
  message: {
    id,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: [{ type: 'text', text: 'Reading' }],
    stop_reason: 'tool_use',
    usage: {
      input_tokens: 100,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 1_000,
      output_tokens: output,
      service_tier: 'standard',
    },
  },
  ...more,
});

const words = (content: unknown, seconds = 2): object => ({
  type: 'user',
  timestamp: at(seconds),
  message: { role: 'user', content },
});

const failure = (error: string, text: string, more: object = {}): object => ({
  type: 'assistant',
  timestamp: at(3),
  message: { id: 'x', model: '<synthetic>', role: 'assistant', content: [{ type: 'text', text }] },
  error,
  isApiErrorMessage: true,
  ...more,
});

function after(...rows: readonly unknown[]): Transcript {
  const transcript = new Transcript(start);
  for (const row of rows) transcript.read(row);
  return transcript;
}

describe("a transcript of Claude Code's", () => {
  it('counts a message once, as it was in the end', () => {
    const { usage } = after(answer('m1', 1), answer('m1', 20), answer('m2', 5), answer('m2', 5));
    assert.deepEqual(usage, { input: 240, cachedInput: 2_000, output: 25 });
  });

  it('counts two answers to one request apart', () => {
    const { usage } = after(answer('m1', 1, { requestId: 'r1' }), answer('m1', 1, { requestId: 'r2' }));
    assert.equal(usage.output, 2);
  });

  it('counts what subagents spend, who say nothing of what the agent does', () => {
    const transcript = after(answer('m1', 1));
    transcript.readAside(answer('m9', 7, { isSidechain: true }));
    transcript.readAside(failure('authentication_failed', 'Please run /login'));
    assert.equal(transcript.usage.output, 8);
    assert.equal(transcript.doing, null);
  });

  it('begins with the session: what a resumed one holds of earlier is passed over', () => {
    const transcript = after(
      answer('m0', 50, { timestamp: at(-5) }),
      failure('rate_limit', 'You are out', { timestamp: at(-4) }),
    );
    assert.deepEqual([transcript.rows, transcript.usage.output, transcript.doing], [0, 0, null]);
  });

  it('says of a used-up window when it is reset', () => {
    const text = "You've hit your 5-hour limit · resets 8:09pm (UTC)";
    const quotaLimits = { status: 'rejected', resetsAt: 1_795_291_751, rateLimitType: 'five_hour' };
    assert.deepEqual(after(failure('rate_limit', text, { quotaLimits })).doing, {
      kind: 'limited',
      until: 1_795_291_751_000,
      detail: text,
    });
  });

  it('says of a limit by key that nobody knows when it ends', () => {
    assert.deepEqual(after(failure('rate_limit', 'API Error: Request rejected (429)')).doing, {
      kind: 'limited',
      until: null,
      detail: 'API Error: Request rejected (429)',
    });
  });

  it('gives an overloaded vendor a minute, since the agent itself gave up', () => {
    const { doing } = after(failure('server_error', 'API Error: Repeated 529 Overloaded errors.'));
    assert.deepEqual([doing?.kind, doing?.until], ['overloaded', start + 63_000]);
  });

  it('says that a person must log in, or look', () => {
    assert.equal(after(failure('authentication_failed', 'Please run /login')).doing?.kind, 'login');
    assert.equal(after(failure('billing_error', 'Credit balance is too low')).doing?.kind, 'dialog');
  });

  it('says that a person stopped its turn, of which no hook tells', () => {
    for (const content of [
      [{ type: 'text', text: '[Request interrupted by user for tool use]' }],
      '[Request interrupted by user]',
    ])
      assert.equal(after(answer('m1', 1), words(content)).doing?.kind, 'idle');
  });

  it('says nothing of what is over: somebody spoke to it since, or it answered', () => {
    const failed = failure('authentication_failed', 'Please run /login');
    assert.equal(after(failed, words('go on')).doing, null);
    assert.equal(after(failed, words([{ type: 'tool_result', content: 'x' }]), answer('m2', 1)).doing, null);
  });

  it('passes over rows of other kinds and rows that make no sense', () => {
    const transcript = after(
      null,
      7,
      'text',
      [],
      {},
      { type: 'mode', mode: 'normal' },
      { type: 'assistant', timestamp: at(1) },
      { type: 'assistant', timestamp: 'yesterday', message: { id: 'm', content: [] } },
    );
    assert.equal(transcript.rows, 0);
    const odd = after(answer('m1', 1, { message: { id: 'm1', content: 7, usage: { output_tokens: -5 } } }));
    assert.deepEqual(odd.usage, { input: 0, cachedInput: 0, output: 0 });
  });
});
