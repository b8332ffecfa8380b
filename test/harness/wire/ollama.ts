/** Ollama's own protocol: `POST …/api/chat`, one JSON a line. */
import { type Json, asList, asRecord, asText } from './json.ts';
import type { Protocol, Utterance } from './protocol.ts';
import type { Seen } from './turn.ts';

function see(body: Json): Seen {
  const messages = asList(body['messages']);
  const of = (...roles: readonly string[]): readonly string[] =>
    messages.filter(({ role }) => roles.includes(asText(role))).map(({ content }) => asText(content));
  return {
    model: asText(body['model']),
    stream: body['stream'] !== false,
    main: body['format'] === undefined,
    schema: body['format'],
    tools: asList(body['tools']).map((tool) => asText(asRecord(tool['function'])['name'])),
    said: of('system', 'user'),
    results: of('tool'),
    answered: of('assistant').length,
  };
}

function line({ model }: Utterance, message: object, more: object = { done: false }): object {
  const created_at = '2026-11-21T12:00:00.000000Z';
  return { model, created_at, message: { role: 'assistant', content: '', ...message }, ...more };
}

function last(utterance: Utterance, message: object): object {
  const { input, cached, output } = utterance.usage;
  return line(utterance, message, {
    done: true,
    done_reason: 'stop',
    prompt_eval_count: input + cached,
    eval_count: output,
    eval_duration: 1_000_000,
  });
}

function callsOf({ tools }: Utterance): readonly object[] {
  return tools.map(({ name, input }) => ({ function: { name, arguments: input } }));
}

export const ollama: Protocol = {
  vendor: 'ollama',
  lines: true,
  see,
  whole: (utterance) => last(utterance, { content: utterance.text, tool_calls: callsOf(utterance) }),
  frames: (utterance) => [
    ...(utterance.text.match(/[^ ]+ ?/g) ?? []).map((content) => ({ data: line(utterance, { content }) })),
    ...callsOf(utterance).map((call) => ({ data: line(utterance, { tool_calls: [call] }) })),
    { data: last(utterance, {}) },
  ],
  failure: (status) => ({ error: `scripted ${status}` }),
};
