import * as v from 'valibot';
import type { Usage } from '../../../town/bead.ts';
import type { Instant } from '../../../town/ids.ts';
import type { Doing } from '../../../town/polecat.ts';
import { doingAfter } from './failure.ts';

const tokens = v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0);
const text = v.object({ type: v.literal('text'), text: v.string() });
const blocks = v.fallback(v.array(v.fallback(v.nullable(text), null)), []);
const timestamp = v.pipe(v.string(), v.isoTimestamp());

const assistant = v.object({
  type: v.literal('assistant'),
  timestamp,
  requestId: v.fallback(v.string(), ''),
  isApiErrorMessage: v.fallback(v.boolean(), false),
  error: v.fallback(v.string(), 'unknown'),
  quotaLimits: v.fallback(v.nullable(v.object({ resetsAt: v.pipe(v.number(), v.finite()) })), null),
  message: v.object({
    id: v.string(),
    content: blocks,
    usage: v.fallback(
      v.object({
        input_tokens: tokens,
        cache_creation_input_tokens: tokens,
        cache_read_input_tokens: tokens,
        output_tokens: tokens,
      }),
      {
        input_tokens: 0,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 0,
      },
    ),
  }),
});

const user = v.object({
  type: v.literal('user'),
  timestamp,
  message: v.object({ content: v.union([v.string(), blocks]) }),
});

const row = v.variant('type', [assistant, user]);

type Assistant = v.InferOutput<typeof assistant>;

/** Written when a person stops a turn with Escape, of which no hook tells. */
const interrupted = '[Request interrupted by user';

/** What the rows of a session's transcripts, taken together, say of what it does since it was started. */
export class Transcript {
  readonly #since: Instant;
  readonly #spent = new Map<string, Usage>();
  #doing: Doing | null = null;
  #rows = 0;

  constructor(since: Instant) {
    this.#since = since;
  }

  /** Rows since the start, of all its transcripts. */
  get rows(): number {
    return this.#rows;
  }

  /** What the newest row says of it; null: that it goes on, as hooks tell better. */
  get doing(): Doing | null {
    return this.#doing;
  }

  /** Totals since the start. A message is written again as it grows, and what was said last counts. */
  get usage(): Usage {
    const total = { input: 0, cachedInput: 0, output: 0 };
    for (const { input, cachedInput, output } of this.#spent.values()) {
      total.input += input;
      total.cachedInput += cachedInput;
      total.output += output;
    }
    return total;
  }

  /** A row of the conversation itself. A resumed one begins with those of earlier sessions, which are passed over. */
  read(value: unknown): void {
    const found = this.#found(value);
    if (found === null) return;
    this.#doing = found.type === 'user' ? afterWords(found.message.content) : afterAnswer(found);
  }

  /** A row of a subagent's transcript: it counts, and says nothing of what the agent itself does. */
  readAside(value: unknown): void {
    this.#found(value);
  }

  #found(value: unknown): v.InferOutput<typeof row> | null {
    const read = v.safeParse(row, value);
    if (!read.success || Date.parse(read.output.timestamp) < this.#since) return null;
    this.#rows += 1;
    if (read.output.type === 'assistant') this.#spend(read.output);
    return read.output;
  }

  /** Tokens written into the cache were read at full price and more, so they count as input. */
  #spend({ requestId, message: { id, usage } }: Assistant): void {
    this.#spent.set(`${id} ${requestId}`, {
      input: usage.input_tokens + usage.cache_creation_input_tokens,
      cachedInput: usage.cache_read_input_tokens,
      output: usage.output_tokens,
    });
  }
}

type Words = v.InferOutput<typeof user>['message']['content'];

function wordsOf(content: Words): string {
  if (typeof content === 'string') return content;
  return content.map((block) => block?.text ?? '').join('\n');
}

function afterWords(content: Words): Doing | null {
  const idle: Doing = { kind: 'idle', until: null, detail: null };
  return wordsOf(content).startsWith(interrupted) ? idle : null;
}

function afterAnswer({
  isApiErrorMessage,
  error,
  quotaLimits,
  timestamp: at,
  message,
}: Assistant): Doing | null {
  if (!isApiErrorMessage) return null;
  const said = wordsOf(message.content).trim();
  return doingAfter({
    error,
    at: Date.parse(at),
    resetsAt: quotaLimits === null ? null : quotaLimits.resetsAt * 1_000,
    said: said === '' ? null : said,
  });
}
