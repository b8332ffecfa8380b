/** What a scripted model answers, as data, and what it can know of the request it answers. */

/** `openai` is its Responses, `openaiChat` its Chat Completions. */
export type WireVendor = 'anthropic' | 'openai' | 'gemini' | 'openaiChat' | 'ollama';

export interface ToolCall {
  readonly name: string;
  /** Codex only: `functions`, `mcp__rigs`. */
  readonly namespace?: string;
  /** Codex only: a string makes it a custom tool's call, whose input is no JSON. */
  readonly input: unknown;
}

export interface Usage {
  /** New tokens; what came from the cache is `cached`. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

interface Pace {
  /** Before the first byte. */
  readonly delayMs?: number;
  /** Between two events of the stream. */
  readonly eventMs?: number;
  readonly usage?: Partial<Usage>;
  /** Added to those of the answer: `retry-after`, `anthropic-ratelimit-unified-*`, `x-codex-*`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The turn waits in its queue until a request fits. */
  readonly when?: (request: WireRequest) => boolean;
}

export interface Speech {
  readonly text?: string;
  readonly tools?: readonly ToolCall[];
}

export type Turn = Pace &
  (
    | Speech
    | { readonly status: number; readonly body?: unknown }
    /** The connection breaks: before anything was said, or (with its words half out) in the middle. */
    | (Speech & { readonly drop: 'before' | 'mid' })
    /** Nothing more comes, and nothing ends: from the beginning, or after half of the words. */
    | (Speech & { readonly hang: true | 'mid' })
  );

/** What a protocol reads of a request, in words that are the same for all three. */
export interface Seen {
  readonly model: string;
  readonly stream: boolean;
  /** Of the conversation itself, and no side call for a title, a route or a summary. */
  readonly main: boolean;
  /** The shape that was asked for, when one was. */
  readonly schema: unknown;
  /** Tools on offer. */
  readonly tools: readonly string[];
  /** What was said to the model, oldest first: its instructions, the person, what hooks added. */
  readonly said: readonly string[];
  /** What its tools answered, oldest first. */
  readonly results: readonly string[];
  /** How often the model has spoken in this conversation. */
  readonly answered: number;
}

export interface WireRequest extends Seen {
  readonly vendor: WireVendor;
  readonly queue: string;
  readonly method: string;
  /** Below the queue's own URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly at: number;
  /** Main requests of this queue before this one. */
  readonly before: number;
}

/** How a request was answered: by a turn, by a sample as a side call's, or because the script was over. */
export type Answered = WireRequest & { readonly by: 'turn' | 'sample' | 'over' };

/** A queue as a function: it answers each main request, and may take its time. */
export type Play = (request: WireRequest) => Turn | Promise<Turn>;
