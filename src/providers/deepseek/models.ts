import type { Models } from '../../ports/models.ts';
import type { VendorOptions } from '../modelsOver.ts';
import { type ChatVendor, chatModels } from '../openai/chat.ts';
import { deepseekDialect } from './dialect.ts';

export const deepseekAddress = 'https://api.deepseek.com';
export const defaultDeepseekModel = 'deepseek-flash';

const deepseek: ChatVendor = {
  address: deepseekAddress,
  dialect: deepseekDialect,
  limit: 'max_tokens',
  // With tools its thinking models refuse a conversation whose thoughts were left out.
  wantsReasoning: true,
};

/** DeepSeek's models, which speak OpenAI's protocol. */
export function deepseekModels(options: VendorOptions): Models {
  return chatModels(deepseek, options);
}
