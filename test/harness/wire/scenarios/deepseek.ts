/** DeepSeek: no limits but how many run at once, and a balance. */
import { openaiError, openaiStream } from './openai.ts';
import { type Scenarios, none, normal, normally, busyTwice } from './scenario.ts';

const deepseek: Scenarios = {
  normal,
  // Only how many run at once is limited, whatever the account has left.
  'a storm within a minute': busyTwice(429),
  overload: busyTwice(503),
  'overload in the middle of an answer': {
    turns: [
      () =>
        openaiStream(
          'data: {"choices":[{"index":0,"delta":{"content":"Al"},"finish_reason":"insufficient_system_resource"}]}\n\ndata: [DONE]\n\n',
        ),
      normally,
    ],
    fails: null,
    restarts: ['overloaded'],
    told: none,
  },
  'a balance of 0': {
    turns: [
      () =>
        openaiError(402, {
          type: 'unknown_error',
          code: 'invalid_request_error',
          message: 'Insufficient Balance',
        }),
    ],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'missing headers': normal,
  'a 200 that carries a limit': {
    turns: [() => openaiError(200, { code: 'rate_limit_exceeded', message: 'Too many.' }), normally],
    fails: null,
    restarts: ['overloaded'],
    told: none,
  },
  'a wrong key': {
    turns: [() => openaiError(401, { type: 'authentication_error', message: 'Authentication Fails' })],
    fails: ['auth', null],
    told: none,
  },
  'keep-alives': {
    turns: [
      () =>
        openaiStream(
          [
            ...['', '', ': keep-alive', '', ': keep-alive', ''],
            'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"All is well."},"finish_reason":null}]}',
            ...['', ': keep-alive', ''],
            'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":140,"completion_tokens":20,"prompt_cache_hit_tokens":40}}',
            ...['', 'data: [DONE]', '', ''],
          ].join('\n'),
        ),
    ],
    fails: null,
    told: none,
  },
};

export function deepseekScenarios(): Scenarios {
  return deepseek;
}
