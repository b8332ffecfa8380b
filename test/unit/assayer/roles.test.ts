import assert from 'node:assert/strict';
import { type Askable, chooseAssayer } from '../../../src/assayer/roles.ts';
import type { AssayerUse } from '../../../src/ports/agents.ts';
import type { AssayerRole } from '../../../src/ports/apis.ts';

const noModels = { planner: '', optimizer: '', estimator: '', inspector: '' };
const ollama: Askable = {
  provider: 'ollama',
  has: ['deepseek-r1:7b', 'qwen3:8b', 'llama3.2:3b', 'mistral:latest'],
  free: true,
  model: null,
};
const bare: Askable = { ...ollama, has: ['mistral:latest'] };
const paid = (provider: string, model: string | null = `${provider}-own`): Askable => ({
  provider,
  has: null,
  free: false,
  model,
});
const deepseek = paid('deepseek');
const claude = paid('claude', 'claude-own');
const openai = paid('openai', 'gpt-own');
const vscode = paid('vscode', 'gpt-5');
const unasked: AssayerUse = { author: null, unasked: true };

interface Case {
  readonly says: string;
  readonly role?: AssayerRole;
  readonly backend?: string;
  readonly named?: string;
  readonly askable: readonly Askable[];
  readonly use?: AssayerUse;
  readonly gives: string;
}

const cases: readonly Case[] = [
  {
    says: 'Ollama when it is there and has the model',
    askable: [claude, ollama],
    gives: 'ollama deepseek-r1:7b',
  },
  { says: 'the seed’s optimizer', role: 'optimizer', askable: [ollama], gives: 'ollama qwen3:8b' },
  { says: 'the seed’s estimator', role: 'estimator', askable: [ollama], gives: 'ollama llama3.2:3b' },
  { says: 'the seed’s inspector', role: 'inspector', askable: [ollama], gives: 'ollama llama3.2:3b' },
  {
    says: 'DeepSeek when Ollama has not got the model',
    askable: [claude, bare, deepseek],
    gives: 'deepseek deepseek-flash',
  },
  {
    says: 'any provider that is set up, in order',
    askable: [vscode, openai, claude],
    gives: 'openai gpt-own',
  },
  { says: 'the editor’s own models last', askable: [vscode], gives: 'vscode gpt-5' },
  { says: 'nobody when nothing is there', askable: [], gives: 'nothing' },
  { says: 'nobody when the person wants none', backend: 'none', askable: [ollama], gives: 'off' },
  {
    says: 'the provider the person named',
    backend: 'claude',
    askable: [ollama, claude],
    gives: 'claude claude-own',
  },
  {
    says: 'no other than the one they named',
    backend: 'gemini',
    askable: [ollama, claude],
    gives: 'not_there',
  },
  {
    says: 'no other model than the one they named',
    backend: 'ollama',
    askable: [bare, claude],
    gives: 'model_missing',
  },
  { says: 'a model by its name', named: 'mistral', askable: [ollama], gives: 'ollama mistral:latest' },
  {
    says: 'a name of Ollama’s not to others',
    named: 'qwen3:14b',
    askable: [ollama, claude],
    gives: 'claude claude-own',
  },
  {
    says: 'a vendor’s model to that vendor alone',
    named: 'gpt-6-mini',
    askable: [deepseek],
    gives: 'deepseek deepseek-flash',
  },
  {
    says: 'a name that nobody is known by to the provider that was named',
    backend: 'claude',
    named: 'house-model',
    askable: [claude],
    gives: 'claude house-model',
  },
  {
    says: 'a name that nobody is known by to a provider that nobody knows',
    named: 'house-model',
    askable: [deepseek, paid('mine')],
    gives: 'deepseek deepseek-flash',
  },
  {
    says: 'nothing that costs when nobody asked',
    askable: [claude, deepseek],
    use: unasked,
    gives: 'only_paid',
  },
  {
    says: 'what is free when nobody asked',
    askable: [claude, ollama],
    use: unasked,
    gives: 'ollama deepseek-r1:7b',
  },
  {
    says: 'what the person chose, also when nobody asked',
    backend: 'deepseek',
    askable: [ollama, deepseek],
    use: unasked,
    gives: 'deepseek deepseek-flash',
  },
  {
    says: 'another vendor than the author’s',
    role: 'inspector',
    askable: [openai, claude],
    use: { author: 'codex', unasked: false },
    gives: 'claude claude-own',
  },
  {
    says: 'another vendor, though it comes later',
    role: 'inspector',
    askable: [deepseek, vscode],
    use: { author: 'deepseek', unasked: false },
    gives: 'vscode gpt-5',
  },
  {
    says: 'the author’s vendor when there is no other',
    role: 'inspector',
    askable: [claude],
    use: { author: 'claude', unasked: false },
    gives: 'claude claude-own',
  },
];

describe('who is asked to plan, word, estimate and inspect', () => {
  for (const { says, role = 'planner', backend = 'auto', named = '', askable, use, gives } of cases) {
    it(`is ${says}`, () => {
      const wishes = { backend, models: { ...noModels, [role]: named } };
      const choice = chooseAssayer(role, wishes, askable, use);
      assert.equal(choice.ok ? `${choice.provider} ${choice.model}` : choice.why, gives);
    });
  }
});
