import * as v from 'valibot';

/** What is read of a piece of a Chat Completions stream; endpoints of others leave out or add a lot. */
const count = v.nullish(v.pipe(v.number(), v.minValue(0)));
const text = v.nullish(v.string());

const usage = v.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: v.nullish(v.object({ cached_tokens: count })),
  /** DeepSeek's name for the same. */
  prompt_cache_hit_tokens: count,
});
export type ChatUsage = v.InferOutput<typeof usage>;

const call = v.object({
  index: v.nullish(v.number()),
  id: text,
  function: v.nullish(v.object({ name: text, arguments: text })),
});
export type ChatCall = v.InferOutput<typeof call>;

const chunk = v.object({
  choices: v.nullish(
    v.array(
      v.object({
        delta: v.nullish(
          v.object({ content: text, reasoning_content: text, tool_calls: v.nullish(v.array(call)) }),
        ),
        finish_reason: text,
      }),
    ),
  ),
  usage: v.nullish(usage),
});
export type ChatChunk = v.InferOutput<typeof chunk>;

/** Throws `ValiError` for what is no piece of such a stream. */
export function readChunk(value: unknown): ChatChunk {
  return v.parse(chunk, value);
}
