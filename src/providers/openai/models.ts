import type { Models } from '../../ports/models.ts';
import type { VendorOptions } from '../modelsOver.ts';
import { type ChatVendor, chatModels } from './chat.ts';
import { openaiDialect } from './dialect.ts';

/** The model when a person named none. Its id stands in the type `ChatModel` of openai 7.55.0. */
export const defaultOpenaiModel = 'gpt-6.1-sol';

const openai: ChatVendor = {
  address: 'https://api.openai.com/v1',
  dialect: openaiDialect,
  // Its thinking models refuse `max_tokens`.
  limit: 'max_completion_tokens',
  wantsReasoning: false,
};

/** OpenAI's own models. */
export function openaiModels(options: VendorOptions): Models {
  return chatModels(openai, options);
}
