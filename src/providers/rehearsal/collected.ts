import type { Beat, WireCounts } from './speech.ts';

/** A stream's beats as the one message that a client gets who did not ask for a stream. */
export function collected(beats: Iterable<Beat>): object {
  let message: Record<string, unknown> = {};
  let usage: Partial<WireCounts> = {};
  const content: Record<string, unknown>[] = [];
  const texts: string[] = [];
  for (const { data } of beats) {
    const index = Number(data['index']);
    if (data.type === 'message_start') message = record(data['message']);
    if (data.type === 'content_block_start') content[index] = record(data['content_block']);
    if (data.type === 'content_block_delta') {
      const delta = record(data['delta']);
      texts[index] = (texts[index] ?? '') + String(delta['text'] ?? delta['partial_json']);
    }
    if (data.type === 'message_delta') {
      message = { ...message, ...record(data['delta']) };
      usage = record(data['usage']);
    }
  }
  const blocks = content.map((block, index) =>
    block['type'] === 'text'
      ? { ...block, text: texts[index] ?? '' }
      : { ...block, input: JSON.parse(texts[index] ?? '{}') as unknown },
  );
  return { ...message, content: blocks, usage: { ...record(message['usage']), ...usage } };
}

function record(value: unknown): Record<string, unknown> {
  return { ...(value as object) };
}
