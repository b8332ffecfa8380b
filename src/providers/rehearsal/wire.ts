import * as v from 'valibot';

/** What the rehearsal reads of a request in Anthropic's Messages protocol. */
const part = v.looseObject({ text: v.optional(v.string(), '') });
const block = v.looseObject({
  type: v.string(),
  text: v.optional(v.string(), ''),
  /** Of a tool's result. */
  content: v.optional(v.union([v.string(), v.array(part)]), ''),
});
const blocks = v.union([v.string(), v.array(block)]);

export const messagesRequest = v.looseObject({
  model: v.string(),
  max_tokens: v.pipe(v.number(), v.integer(), v.minValue(1)),
  stream: v.optional(v.boolean(), false),
  system: v.optional(blocks, ''),
  messages: v.pipe(
    v.array(v.looseObject({ role: v.picklist(['user', 'assistant']), content: blocks })),
    v.minLength(1),
  ),
  tools: v.optional(v.array(v.looseObject({ name: v.string() })), []),
});
export type MessagesRequest = v.InferOutput<typeof messagesRequest>;
type Content = v.InferOutput<typeof blocks>;

/** The text of a message without what tools answered. */
export function spoken(content: Content): string {
  if (typeof content === 'string') return content;
  return content
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text)
    .join('\n');
}

/** Everything that tools answered so far. */
export function answeredByTools(request: MessagesRequest): string {
  return request.messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(({ type }) => type === 'tool_result')
    .map(({ content }) =>
      typeof content === 'string' ? content : content.map(({ text }) => text).join('\n'),
    )
    .join('\n');
}
