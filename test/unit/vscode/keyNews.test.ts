import assert from 'node:assert/strict';
import { AccountError } from '../../../src/ports/account.ts';
import { keyNews } from '../../../src/vscode/compose/keyNews.ts';
import { FakeAccount } from '../../fakes/fakeAccount.ts';

describe('Another key', () => {
  it('is told to the one account that it is for, also while nothing is wrong with it', async () => {
    const account = new FakeAccount();
    await account.tell(
      ['openai', 'mistral'].map((tank) => ({ kind: 'failed', tank, provider: tank, detail: '' })),
    );
    const news = await keyNews('rigs.openai.apiKey', Promise.resolve(account));
    assert.deepEqual(news, [{ kind: 'mended', tank: 'openai' }]);
    assert.deepEqual(await keyNews('rigs.mcp.token', Promise.resolve(account)), []);
    assert.deepEqual(await keyNews('rigs.openai.apiKey', null), []);
  });

  it('fails in the hands of its caller where the account could not be opened', async () => {
    const opened = Promise.reject(new AccountError('not_writable', '/a', 'No.'));
    await assert.rejects(keyNews('rigs.openai.apiKey', opened), AccountError);
  });
});
