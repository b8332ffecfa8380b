import * as v from 'valibot';

const text = v.pipe(
  v.nullish(v.union([v.string(), v.array(v.object({ type: v.literal('text'), text: v.string() }))]), ''),
  v.transform((content) =>
    typeof content === 'string' ? content : content.map((part) => part.text).join('\n\n'),
  ),
);
const call = v.object({
  id: v.string(),
  function: v.object({ name: v.string(), arguments: v.string() }),
});

/** What Rigs' own models of OpenAI's protocol ask (`providers/openai/chat.ts`), and nothing more. */
const chatBody = v.object({
  model: v.string(),
  messages: v.array(
    v.variant('role', [
      v.object({ role: v.literal('system'), content: text }),
      v.object({ role: v.literal('user'), content: text }),
      v.object({ role: v.literal('assistant'), content: text, tool_calls: v.optional(v.array(call), []) }),
      v.object({ role: v.literal('tool'), content: text, tool_call_id: v.string() }),
    ]),
  ),
  tools: v.optional(
    v.array(
      v.object({
        function: v.object({
          name: v.string(),
          description: v.optional(v.string(), ''),
          parameters: v.optional(v.record(v.string(), v.unknown()), {}),
        }),
      }),
    ),
    [],
  ),
});
export type ChatBody = v.InferOutput<typeof chatBody>;

/** Throws `ValiError` and SyntaxError. */
export function readChatBody(json: string): ChatBody {
  return v.parse(chatBody, JSON.parse(json));
}
