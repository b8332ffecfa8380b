import type { Wire } from '../../../src/ports/models.ts';
import { anthropicScenarios } from './scenarios/anthropic.ts';
import { compatibleScenarios } from './scenarios/compatible.ts';
import { deepseekScenarios } from './scenarios/deepseek.ts';
import { geminiScenarios } from './scenarios/gemini.ts';
import { ollamaScenarios } from './scenarios/ollama.ts';
import { openaiScenarios } from './scenarios/openai.ts';
import type { Scenarios } from './scenarios/scenario.ts';

/** What happens to accounts, as each vendor's API says it, with what must be made of it. */
export const scenarios: Readonly<Record<Wire, Scenarios>> = {
  anthropic: anthropicScenarios(),
  openai: openaiScenarios(),
  gemini: geminiScenarios(),
  deepseek: deepseekScenarios(),
  ollama: ollamaScenarios(),
  compatible: compatibleScenarios(),
};
