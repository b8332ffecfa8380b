/** OpenAI Responses, as Codex speaks it: `POST …/responses`. */
import { type Json, asList, asRecord, asText, textOf } from './json.ts';
import type { Frame, Protocol, Utterance } from './protocol.ts';
import type { Seen, ToolCall } from './turn.ts';

/** A main request offers one of these; in code mode `exec` alone, which runs JavaScript that calls the others. */
const working = ['exec', 'exec_command', 'shell', 'local_shell'];

function see(body: Json): Seen {
  const input = asList(body['input']);
  const added = input.filter(({ type }) => type === 'additional_tools').flatMap(({ tools }) => asList(tools));
  const tools = [...asList(body['tools']), ...added].flatMap(namesOf);
  const schema = asRecord(asRecord(body['text'])['format'])['schema'];
  const isResult = ({ type }: Json): boolean => asText(type).endsWith('_output');
  const isWord = ({ type, role }: Json): boolean => type === 'message' && role !== 'assistant';
  return {
    model: asText(body['model']),
    stream: body['stream'] === true,
    // The call for a title carries the tools as well.
    main: schema === undefined && tools.some((name) => working.includes(name)),
    schema,
    tools,
    said: [
      textOf(body['instructions']),
      ...input.filter(isWord).flatMap(({ content }) => asList(content).map((part) => asText(part['text']))),
    ],
    results: input.filter(isResult).map(({ output }) => textOf(output)),
    answered: input.filter((item, at) => isOwn(item) && !isOwn(input[at - 1] ?? {})).length,
  };
}

/** A namespace is a tool with tools of its own. */
function namesOf(tool: Json): readonly string[] {
  return [asText(tool['name']) || asText(tool['type']), ...asList(tool['tools']).flatMap(namesOf)];
}

function isOwn({ type, role }: Json): boolean {
  return role === 'assistant' || type === 'reasoning' || asText(type).endsWith('_call');
}

function callItem({ name, namespace, input }: ToolCall, id: string): object {
  const common = { id: `item_${id}`, call_id: `call_${id}`, name, status: 'completed' };
  const where = namespace === undefined ? {} : { namespace };
  return typeof input === 'string'
    ? { type: 'custom_tool_call', ...common, ...where, input }
    : { type: 'function_call', ...common, ...where, arguments: JSON.stringify(input) };
}

function items({ id, text, tools }: Utterance): readonly object[] {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const message = { type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content };
  return [...(text === '' ? [] : [message]), ...tools.map((call, at) => callItem(call, `${id}_${at}`))];
}

function whole(utterance: Utterance): object {
  const { input, cached, output } = utterance.usage;
  return {
    id: `resp_${utterance.id}`,
    object: 'response',
    status: 'completed',
    model: utterance.model,
    output: items(utterance),
    usage: {
      input_tokens: input + cached,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + cached + output,
    },
  };
}

function frames(utterance: Utterance): readonly Frame[] {
  const response = whole(utterance);
  const begun = { ...response, status: 'in_progress', output: [], usage: null };
  const item = (one: object, output_index: number): readonly object[] => [
    { type: 'response.output_item.added', output_index, item: { ...one, status: 'in_progress' } },
    { type: 'response.output_item.done', output_index, item: one },
  ];
  return [
    { type: 'response.created', response: begun },
    ...items(utterance).flatMap(item),
    { type: 'response.completed', response },
  ].map((data) => ({ event: asText(asRecord(data)['type']), data }));
}

const kinds: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  429: 'rate_limit_exceeded',
  503: 'server_is_overloaded',
};

export const openai: Protocol = {
  vendor: 'openai',
  see,
  whole,
  frames,
  failure: (status) => ({
    error: {
      type: kinds[status] ?? 'server_error',
      code: kinds[status] ?? null,
      message: `Scripted ${status}`,
    },
  }),
};
