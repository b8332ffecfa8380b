import * as v from 'valibot';

/** The events of a streamed message that Rigs reads, as they come over the wire; others are passed over. */
const count = v.nullish(v.pipe(v.number(), v.minValue(0)));
const usage = v.object({
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
});
export type WireUsage = v.InferOutput<typeof usage>;

const block = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('tool_use'), id: v.string(), name: v.string() }),
]);
const delta = v.variant('type', [
  v.object({ type: v.literal('text_delta'), text: v.string() }),
  v.object({ type: v.literal('input_json_delta'), partial_json: v.string() }),
]);
const other = v.looseObject({ type: v.string() });
const index = v.pipe(v.number(), v.integer(), v.minValue(0));

const event = v.variant('type', [
  v.object({ type: v.literal('message_start'), message: v.object({ usage }) }),
  v.object({ type: v.literal('content_block_start'), index, content_block: v.union([block, other]) }),
  v.object({ type: v.literal('content_block_delta'), index, delta: v.union([delta, other]) }),
  v.object({ type: v.literal('content_block_stop'), index }),
  v.object({
    type: v.literal('message_delta'),
    delta: v.object({ stop_reason: v.nullish(v.string()) }),
    usage: v.nullish(usage),
  }),
  v.object({ type: v.literal('message_stop') }),
]);
export type WireEvent = v.InferOutput<typeof event>;
const known: readonly string[] = event.options.map((one) => one.entries.type.literal);

/** An event as typed data, null when it is none that matters; throws when one that matters makes no sense. */
export function readEvent(value: unknown): WireEvent | null {
  const { type } = v.parse(other, value);
  return known.includes(type) ? v.parse(event, value) : null;
}
