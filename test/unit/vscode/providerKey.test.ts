import { equal } from 'node:assert/strict';
import { claudeKeySecret } from '../../../src/vscode/contract.ts';
import { keySecret, providerKey } from '../../../src/vscode/providerKey.ts';

const secrets = (stored?: string) => ({
  get: (name: string) => Promise.resolve(name === 'rigs.claude.apiKey' ? stored : undefined),
});
const key = (stored: string | undefined, env: NodeJS.ProcessEnv, provider = 'claude') =>
  providerKey(secrets(stored), provider, 'A_KEY', env);

describe("the person's key for a provider", () => {
  it('is the one the editor keeps, before the one of the environment', async () => {
    equal(await key('kept', { A_KEY: 'around' }), 'kept');
    equal(await key(undefined, { A_KEY: 'around' }), 'around');
    equal(await key('kept', { A_KEY: 'around' }, 'openai'), 'around');
    equal(keySecret('claude'), claudeKeySecret);
  });

  it('is none when it is empty, or nothing is named', async () => {
    equal(await key(undefined, {}), null);
    equal(await key(undefined, { A_KEY: '' }), null);
    equal(await providerKey(secrets(), 'mine', null, { A_KEY: 'x' }), null);
  });
});
