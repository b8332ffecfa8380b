/** OpenAI Chat Completions, as DeepSeek and many others speak it: `POST …/chat/completions`. */
import { type Json, asList, asRecord, asText, textOf } from './json.ts';
import type { Frame, Protocol, Utterance } from './protocol.ts';
import type { Seen } from './turn.ts';

function see(body: Json): Seen {
  const messages = asList(body['messages']);
  const schema = asRecord(asRecord(body['response_format'])['json_schema'])['schema'];
  const of = (...roles: readonly string[]): readonly string[] =>
    messages.filter(({ role }) => roles.includes(asText(role))).map(({ content }) => textOf(content));
  return {
    model: asText(body['model']),
    stream: body['stream'] === true,
    main: schema === undefined,
    schema,
    tools: asList(body['tools']).map((tool) => asText(asRecord(tool['function'])['name'])),
    said: of('system', 'developer', 'user'),
    results: of('tool'),
    answered: of('assistant').length,
  };
}

function usageOf({ usage: { input, cached, output } }: Utterance): object {
  return {
    prompt_tokens: input + cached,
    completion_tokens: output,
    total_tokens: input + cached + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

function callsOf({ id, tools }: Utterance): readonly Json[] {
  return tools.map(({ name, input }, at) => ({
    id: `call_${id}_${at}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function whole(utterance: Utterance): object {
  const { id, model, text, tools } = utterance;
  const message = { role: 'assistant', content: text, tool_calls: callsOf(utterance) };
  const finish_reason = tools.length > 0 ? 'tool_calls' : 'stop';
  return {
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message, finish_reason }],
    usage: usageOf(utterance),
  };
}

/** A call comes in pieces: its name, then its arguments in two. */
function deltasOf(call: Json, index: number): readonly object[] {
  const { name, arguments: json } = asRecord(call['function']);
  const [text, half] = [asText(json), Math.ceil(asText(json).length / 2)];
  const piece = (more: object): object => ({ tool_calls: [{ index, ...more }] });
  return [
    piece({ id: call['id'], type: 'function', function: { name, arguments: '' } }),
    piece({ function: { arguments: text.slice(0, half) } }),
    piece({ function: { arguments: text.slice(half) } }),
  ];
}

function frames(utterance: Utterance): readonly Frame[] {
  const { id, model, text, tools } = utterance;
  const chunk = (more: object): Frame => ({
    data: { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', model, usage: null, ...more },
  });
  const delta = (one: object, finish_reason: string | null = null): Frame =>
    chunk({ choices: [{ index: 0, delta: one, finish_reason }] });
  return [
    delta({ role: 'assistant', content: '' }),
    ...(text.match(/[^ ]+ ?/g) ?? []).map((content) => delta({ content })),
    ...callsOf(utterance).flatMap((call, at) => deltasOf(call, at).map((one) => delta(one))),
    delta({}, tools.length > 0 ? 'tool_calls' : 'stop'),
    chunk({ choices: [], usage: usageOf(utterance) }),
  ];
}

const kinds: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  429: 'rate_limit_exceeded',
};

export const openaiChat: Protocol = {
  vendor: 'openaiChat',
  see,
  whole,
  frames,
  end: 'data: [DONE]\n\n',
  failure: (status) => ({
    error: {
      message: `Scripted ${status}`,
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param: null,
      code: kinds[status] ?? null,
    },
  }),
};
