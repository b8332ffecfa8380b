/** Anthropic Messages: `POST …/v1/messages`. */
import { type Json, asList, asRecord, asText, textOf } from './json.ts';
import type { Frame, Protocol, Utterance } from './protocol.ts';
import type { Seen } from './turn.ts';

/** Claude Code's side calls carry none of these. */
const working = ['Write', 'Bash', 'Edit', 'Read'];

/** What Claude Code says in the model's place when a session that was cut off goes on. */
const filler = 'No response requested.';

function see(body: Json): Seen {
  const messages = asList(body['messages']);
  const tools = asList(body['tools']).map((tool) => asText(tool['name']));
  const parts = messages.filter(({ role }) => role === 'user').flatMap(partsOf);
  const isResult = ({ type }: Json): boolean => type === 'tool_result';
  const schema = asRecord(asRecord(body['output_config'])['format'])['schema'];
  return {
    model: asText(body['model']),
    stream: body['stream'] === true,
    main: schema === undefined && tools.some((name) => working.includes(name)),
    schema,
    tools,
    said: [
      textOf(body['system']),
      ...parts.filter((part) => !isResult(part)).map((part) => asText(part['text'])),
    ],
    results: parts.filter(isResult).map((part) => textOf(part['content'])),
    answered: messages.filter(({ role, content }) => role === 'assistant' && textOf(content) !== filler)
      .length,
  };
}

function partsOf({ content }: Json): readonly Json[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asList(content);
}

function usageOf({ usage }: Utterance): object {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached,
    output_tokens: usage.output,
  };
}

function whole(utterance: Utterance): object {
  const { id, model, text, tools } = utterance;
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...tools.map(({ name, input }, at) => ({ type: 'tool_use', id: `toolu_${id}_${at}`, name, input })),
    ],
    stop_reason: tools.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: usageOf(utterance),
  };
}

function framesOf(block: Json, index: number): readonly Frame[] {
  const isText = block['type'] === 'text';
  const delta = isText
    ? { type: 'text_delta', text: block['text'] }
    : { type: 'input_json_delta', partial_json: JSON.stringify(block['input']) };
  const start = isText ? { type: 'text', text: '' } : { ...block, input: {} };
  return [
    named({ type: 'content_block_start', index, content_block: start }),
    named({ type: 'content_block_delta', index, delta }),
    named({ type: 'content_block_stop', index }),
  ];
}

function named(data: { readonly type: string; readonly [key: string]: unknown }): Frame {
  return { event: data.type, data };
}

function frames(utterance: Utterance): readonly Frame[] {
  const message = asRecord(whole(utterance));
  const { content, stop_reason, usage } = message;
  const begun = {
    ...message,
    content: [],
    stop_reason: null,
    usage: { ...asRecord(usage), output_tokens: 1 },
  };
  return [
    named({ type: 'message_start', message: begun }),
    ...asList(content).flatMap(framesOf),
    named({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage }),
    named({ type: 'message_stop' }),
  ];
}

const kinds: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export const anthropic: Protocol = {
  vendor: 'anthropic',
  see,
  whole,
  frames,
  failure: (status) => ({
    type: 'error',
    error: { type: kinds[status] ?? 'api_error', message: `Scripted ${status}` },
    request_id: 'req_scripted',
  }),
};
