import assert from 'node:assert/strict';
import { Thread, threadStart } from '../../../../src/providers/codex/thread.ts';

const since = Date.parse('2026-11-21T18:04:05.000Z');
const resets = Date.parse('2026-11-21T19:00:00.000Z');

/** Rows as 0.169.0 writes them, without what nobody reads. `second`: after the session's start. */
function row(second: number, type: string, payload: object): object {
  return { timestamp: new Date(since + second * 1000).toISOString(), ordinal: 1, type, payload };
}
const event = (second: number, type: string, more: object = {}): object =>
  row(second, 'event_msg', { type, ...more });
const total = (input: number, cached: number, output: number): object => ({
  total_token_usage: {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: 0,
    output_tokens: output,
    reasoning_output_tokens: 1,
    total_tokens: input + output,
  },
});
const window = (used: number, minutes: number, at: number): object => ({
  used_percent: used,
  window_minutes: minutes,
  resets_at: at / 1000,
});
const failed = (second: number, codex_error_info: unknown, message = 'In its words'): object =>
  event(second, 'task_complete', { last_agent_message: null, error: { message, codex_error_info } });

function after(...rows: readonly unknown[]): Thread {
  const thread = new Thread(since);
  for (const one of rows) thread.take(one);
  return thread;
}

describe("A thread's rollout", () => {
  it('says when a turn begins, ends and is interrupted', () => {
    assert.equal(after().doing, null);
    assert.equal(after(event(1, 'task_started')).doing?.kind, 'working');
    assert.equal(after(event(1, 'task_started'), event(2, 'task_complete')).doing?.kind, 'idle');
    assert.equal(after(event(1, 'turn_aborted', { reason: 'interrupted' })).doing?.kind, 'idle');
  });

  it('leaves what an earlier session did in the same file aside', () => {
    const thread = after(event(-9, 'task_started'), failed(-8, 'usage_limit_exceeded'));
    assert.deepEqual([thread.doing, thread.rows], [null, 0]);
  });

  it('counts what this session used, each total once', () => {
    const thread = after(
      event(-1, 'token_count', { info: total(100, 40, 20) }),
      event(1, 'token_count', { info: total(250, 90, 50) }),
      event(1, 'token_count', { info: total(250, 90, 50) }),
      event(2, 'token_count', { info: null }),
    );
    assert.deepEqual(thread.usage, { input: 100, cachedInput: 50, output: 30 });
  });

  it('tells limit windows by their length, not by their place', () => {
    const rate_limits = { primary: window(37.5, 10080, resets), secondary: window(120, 300, resets) };
    assert.deepEqual(after(event(1, 'token_count', { info: null, rate_limits })).gauges, [
      { gauge: 'weekly', model: null, used: 0.375, capacity: null, resetsAt: resets, source: 'rollout' },
      { gauge: '5h', model: null, used: 1, capacity: null, resetsAt: resets, source: 'rollout' },
    ]);
  });

  it('has no windows for an account without any', () => {
    const rate_limits = { limit_id: 'codex', primary: null, secondary: null, credits: null };
    assert.deepEqual(after(event(1, 'token_count', { info: null, rate_limits })).gauges, []);
  });

  it('is limited until the last of its full windows has ended', () => {
    const rate_limits = {
      primary: window(100, 300, resets),
      secondary: window(100, 10080, resets + 5_000),
    };
    const thread = after(
      event(1, 'token_count', { info: null, rate_limits }),
      failed(2, 'usage_limit_exceeded', 'Try again at 7:00 PM.'),
    );
    assert.deepEqual(thread.doing, {
      kind: 'limited',
      until: resets + 5_000,
      detail: 'Try again at 7:00 PM.',
    });
  });

  it('is limited for nobody knows how long when no window is full', () => {
    const rate_limits = { primary: window(61, 300, resets), secondary: null };
    const thread = after(
      event(1, 'token_count', { info: null, rate_limits }),
      failed(2, 'usage_limit_exceeded'),
    );
    assert.deepEqual([thread.doing?.kind, thread.doing?.until], ['limited', null]);
  });

  it('is not limited but before a person where only money helps, which it says under the same name', () => {
    const detail = 'Quota exceeded. Check your plan and billing details.';
    const { doing } = after(failed(2, 'usage_limit_exceeded', detail));
    assert.deepEqual(doing, { kind: 'dialog', until: null, detail });
  });

  it('tells a refused login and a crowded service from other failures', () => {
    const http = (name: string, http_status_code: number): object => ({ [name]: { http_status_code } });
    const kinds: readonly (readonly [unknown, string])[] = [
      ['unauthorized', 'login'],
      [http('http_connection_failed', 401), 'login'],
      [http('response_too_many_failed_attempts', 429), 'limited'],
      [http('http_connection_failed', 503), 'idle'],
      ['server_overloaded', 'idle'],
      ['other', 'idle'],
      ['constructor', 'idle'],
      [null, 'idle'],
      [{}, 'idle'],
    ];
    for (const [info, kind] of kinds) {
      const { doing } = after(failed(1, info));
      assert.deepEqual(doing, { kind, until: null, detail: 'In its words' }, JSON.stringify(info));
    }
  });

  describe('with a call that leaves the sandbox', () => {
    const call = row(1, 'response_item', {
      type: 'function_call',
      name: 'exec_command',
      call_id: 'call_1',
      arguments: JSON.stringify({ cmd: 'touch ../x', sandbox_permissions: 'require_escalated' }),
    });
    const inCode = row(1, 'response_item', {
      type: 'custom_tool_call',
      name: 'exec',
      call_id: 'call_1',
      input: 'await tools.exec_command({cmd:"x",sandbox_permissions:"require_escalated"})',
    });

    it('knows what may be asked about, as far as it can be read', () => {
      assert.equal(after(call).askedBefore(since + 2_000)?.detail, 'touch ../x');
      assert.equal(after(inCode).askedBefore(since + 2_000)?.detail, null);
      assert.equal(after(call).askedBefore(since + 1_000), null);
    });

    it('knows of nothing more once there is a result or the turn is over', () => {
      const result = row(2, 'response_item', {
        type: 'function_call_output',
        call_id: 'call_1',
        output: 'it had require_escalated',
      });
      assert.equal(after(call, result).askedBefore(since + 9_000), null);
      assert.equal(after(inCode, event(2, 'turn_aborted')).askedBefore(since + 9_000), null);
    });
  });

  it('survives whatever else stands in its file', () => {
    const odd = [null, 7, 'x', [], {}, { timestamp: 'never', type: 'event_msg' }, { timestamp: 7 }];
    const rows = [
      row(1, 'event_msg', { type: 'token_count', info: 'x', rate_limits: [1] }),
      row(1, 'event_msg', {
        type: 'token_count',
        info: { total_token_usage: { input_tokens: '9', output_tokens: Infinity } },
      }),
      row(1, 'response_item', { type: 7, call_id: {}, arguments: null }),
      row(1, 'response_item', { type: 'function_call', call_id: 'c', arguments: 'require_escalated {' }),
      { ...row(1, 'event_msg', {}), payload: null },
    ];
    const thread = after(...odd, ...rows);
    assert.deepEqual([thread.doing, thread.gauges], [null, []]);
    assert.deepEqual(thread.usage, { input: 0, cachedInput: 0, output: 0 });
  });

  describe('at its first line', () => {
    const id = '01a1ff47-9c40-7bf0-8144-c430ec24cc67';
    const meta = (more: object): object =>
      row(0, 'session_meta', {
        id,
        cwd: '/w',
        timestamp: '2026-11-21T18:04:05.599Z',
        source: 'cli',
        thread_source: 'user',
        ...more,
      });

    it('tells the conversation on the screen from its helpers', () => {
      assert.deepEqual(threadStart(meta({})), { id, cwd: '/w', begunAt: since + 599, main: true });
      assert.equal(threadStart(meta({ source: 'exec' }))?.main, false);
      assert.equal(threadStart(meta({ thread_source: 'subagent' }))?.main, false);
    });

    it('is none of a thread when it has no id that could be one', () => {
      assert.equal(threadStart(meta({ id: '--yolo' })), null);
      assert.equal(threadStart(event(0, 'task_started')), null);
      assert.equal(threadStart('x'), null);
    });
  });
});
