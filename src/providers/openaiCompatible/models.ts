import type { Models } from '../../ports/models.ts';
import type { VendorOptions } from '../modelsOver.ts';
import { type ChatVendor, chatModels } from '../openai/chat.ts';
import { openaiDialect } from '../openai/dialect.ts';

const compatible: ChatVendor = {
  address: null,
  dialect: openaiDialect,
  // What older and smaller servers understand.
  limit: 'max_tokens',
  wantsReasoning: false,
};

/** Whatever speaks OpenAI's Chat Completions: hosted, in one's own network, or in the editor. */
export function compatibleModels(options: VendorOptions): Models {
  return chatModels(compatible, options);
}
