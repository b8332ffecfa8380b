import * as v from 'valibot';

const count = v.nullish(v.pipe(v.number(), v.minValue(0)));
const text = v.nullish(v.string());

/** A line of `POST /api/chat`; types of ollama 0.6.4. */
const line = v.object({
  message: v.nullish(
    v.object({
      content: text,
      thinking: text,
      tool_calls: v.nullish(
        v.array(
          v.object({
            id: text,
            function: v.object({ name: v.string(), arguments: v.nullish(v.record(v.string(), v.unknown())) }),
          }),
        ),
      ),
    }),
  ),
  done: v.nullish(v.boolean()),
  done_reason: text,
  prompt_eval_count: count,
  eval_count: count,
});
export type ChatLine = v.InferOutput<typeof line>;

/** Throws `ValiError` for what is no such line. */
export function readLine(value: unknown): ChatLine {
  return v.parse(line, value);
}

const models = v.object({ models: v.array(v.object({ name: v.string() })) });

/** Names in an answer of `GET /api/tags` or `GET /api/ps`. Throws `ValiError`. */
export function readModels(value: unknown): readonly string[] {
  return v.parse(models, value).models.map(({ name }) => name);
}
