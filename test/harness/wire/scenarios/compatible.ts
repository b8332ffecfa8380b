/** What others say in OpenAI's protocol. */
import { openaiError, openaiScenarios, openaiStream } from './openai.ts';
import { type Scenarios, none } from './scenario.ts';

const compatible: Scenarios = {
  ...openaiScenarios(),
  'a balance of 0': {
    turns: [() => openaiError(402, { code: 402, message: 'Insufficient credits.' })],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'a 200 that carries a limit': {
    turns: [() => openaiStream('data: {"error":{"code":429,"message":"Rate limit exceeded"}}\n\n')],
    fails: ['limit', null],
    told: none,
  },
};

export function compatibleScenarios(): Scenarios {
  return compatible;
}
