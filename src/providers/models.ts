import type { Clock } from '../ports/clock.ts';
import type { ModelAccess, Models, Wire } from '../ports/models.ts';
import { systemClock } from '../system/clock.ts';
import type { Reading } from '../town/tank.ts';
import { claudeModels } from './claude/models.ts';
import { deepseekModels } from './deepseek/models.ts';
import { geminiModels } from './gemini/models.ts';
import type { VendorOptions } from './modelsOver.ts';
import { ollamaModels } from './ollama/models.ts';
import { compatibleModels } from './openaiCompatible/models.ts';
import { openaiModels } from './openai/models.ts';

export interface OpenOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  /** What answers say of limits, refusals too. */
  readonly onReadings?: (readings: readonly Reading[]) => void;
}

const byWire: Readonly<Record<Wire, (options: VendorOptions) => Models>> = {
  anthropic: claudeModels,
  openai: openaiModels,
  gemini: geminiModels,
  deepseek: deepseekModels,
  ollama: ollamaModels,
  compatible: compatibleModels,
};

/** Models behind an access as it travels through the door. */
export function openModels({ wire, apiKey, baseUrl }: ModelAccess, options: OpenOptions = {}): Models {
  return byWire[wire]({ clock: systemClock, random: Math.random, ...options, apiKey, baseUrl });
}
