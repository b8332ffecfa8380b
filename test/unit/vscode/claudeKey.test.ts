import { equal } from 'node:assert/strict';
import { claudeKey } from '../../../src/vscode/claudeKey.ts';

const secrets = (stored?: string) => ({ get: () => Promise.resolve(stored) });

describe("the person's key for Claude", () => {
  it('is the one the editor keeps, before the one of the environment', async () => {
    equal(await claudeKey(secrets('kept'), { ANTHROPIC_API_KEY: 'around' }), 'kept');
    equal(await claudeKey(secrets(), { ANTHROPIC_API_KEY: 'around' }), 'around');
  });

  it('is none when it is empty', async () => {
    equal(await claudeKey(secrets(), {}), null);
    equal(await claudeKey(secrets(), { ANTHROPIC_API_KEY: '' }), null);
  });
});
