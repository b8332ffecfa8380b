import type { Usage } from '../town/bead.ts';

/** One exchange with a model; the same shape for every vendor. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly maxOutputTokens: number;
}

export type Message =
  | { readonly role: 'user'; readonly content: readonly (TextBlock | ToolResultBlock)[] }
  | {
      readonly role: 'assistant';
      readonly content: readonly (TextBlock | ToolUseBlock)[];
      readonly reasoning?: string;
    };

/** `signature`: the vendor's own mark of a block, which wants it back with the block. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
  readonly signature?: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly signature?: string;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly toolUseId: string;
  readonly text: string;
  readonly isError: boolean;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelAnswer {
  readonly content: readonly (TextBlock | ToolUseBlock)[];
  readonly stop: 'end_turn' | 'tool_use' | 'max_tokens' | 'other';
  readonly usage: Usage;
  /** What it thought before, where the vendor wants that back with the answer. */
  readonly reasoning?: string;
}

export interface Models {
  /** Streams; `onText` gets each piece as it arrives. Throws `ModelError`. */
  complete(
    request: ModelRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onText?: (piece: string) => void;
      /** The same is asked again after `why`; pieces that came so far are void. */
      readonly onRestart?: (why: ModelError) => void;
    },
  ): Promise<ModelAnswer>;
}

/** How a model is spoken to. `compatible`: OpenAI's chat protocol, as others than OpenAI understand it. */
export const wires = ['anthropic', 'openai', 'gemini', 'deepseek', 'ollama', 'compatible'] as const;
export type Wire = (typeof wires)[number];

/** How to reach a model; travels through the door, never by environment. */
export interface ModelAccess {
  readonly provider: string;
  readonly wire: Wire;
  readonly model: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  readonly apiKey: string;
}

/**
 * limit: the account gives nothing until later · overloaded: the vendor is busy or wants fewer at once, whatever the
 * account has left · auth: the key is not taken · credit: there is no money left, or a spend cap is reached.
 */
export type ModelErrorReason =
  'limit' | 'overloaded' | 'auth' | 'credit' | 'refused' | 'connection' | 'cancelled' | 'protocol';

/** A model did not answer. `retryAt`: UTC ms when the vendor named one. */
export class ModelError extends Error {
  readonly reason: ModelErrorReason;
  readonly retryAt: number | null;

  constructor(
    reason: ModelErrorReason,
    message: string,
    retryAt: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ModelError';
    this.reason = reason;
    this.retryAt = retryAt;
  }

  static is(error: unknown, reason?: ModelErrorReason): error is ModelError {
    return error instanceof ModelError && (reason === undefined || error.reason === reason);
  }
}
