import type { Wire } from '../ports/models.ts';

/** Models behind an address, as the person set them; the built-in worker works with them, and so does the assayer. */
export interface ApiProvider {
  /** `claude`, `openai`, `gemini`, `deepseek`, `ollama`, `vscode`, or the name a person gave to an endpoint; also its tank. */
  readonly provider: string;
  /** As a person reads it: `Claude API`. */
  readonly name: string;
  readonly wire: Wire;
  readonly enabled: boolean;
  /** Empty: the one that stands for this wire (`defaultModel`), or the first one a local server has. */
  readonly model: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  /** Null: one is needed and there is none. Empty: none is needed. */
  readonly key: () => Promise<string | null>;
}
