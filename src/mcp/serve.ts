import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Leaving } from '../gateway/outbox.ts';
import { type Speaker, Unanswered, newAsk } from './speaker.ts';
import { tools } from './tools.ts';
import { useTool } from './use.ts';

/** A client of the SDK gives up after 60 s without a word; others after what their settings say. */
export const wordEveryMs = 10_000;

export interface Serving {
  /** What the agent reached and nobody answered yet is kept first. Never rejects. */
  leave(): Promise<void>;
}

/** Serves Rigs' tools to one agent. A call that waits for a person or for checks gives signs of life meanwhile. */
export async function serveTools(
  transport: Transport,
  door: Speaker,
  everyMs: number = wordEveryMs,
): Promise<Serving> {
  const parts = { door, calls: new Unanswered(() => randomUUID()), asks: new Unanswered(newAsk) };
  // The other one writes the schemas by itself, longer than these; an agent pays for every word in each of its calls.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const server = new Server({ name: 'rigs', version: '1' }, { capabilities: { tools: {} } });
  const leaving = new AbortController();
  const pending = new Set<Promise<unknown>>();
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    let progress = 0;
    const stop = every(everyMs, () => {
      if (progressToken === undefined) return;
      progress += 1;
      const word = { method: 'notifications/progress' as const, params: { progressToken, progress } };
      // A client that is gone is noticed at the end of its line.
      sendNotification(word).catch(() => undefined);
    });
    try {
      const until = AbortSignal.any([leaving.signal, signal]);
      const using = useTool(parts, params.name, params.arguments, until);
      pending.add(using);
      const { text, failed } = await using.finally(() => pending.delete(using));
      return { content: [{ type: 'text', text }], isError: failed };
    } finally {
      stop();
    }
  });
  await server.connect(transport);
  return {
    leave: async () => {
      leaving.abort(new Leaving());
      await Promise.allSettled(pending);
      // Its client may be gone, and hears nothing then.
      await server.close().catch(() => undefined);
    },
  };
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => {
    clearInterval(timer);
  };
}
