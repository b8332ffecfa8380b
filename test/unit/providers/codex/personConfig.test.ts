import assert from 'node:assert/strict';
import { readPersonConfig } from '../../../../src/providers/codex/personConfig.ts';

/** As Codex leaves it behind. */
const config = `model = "gpt-6" # mine

[model_providers.mock]
model_provider = "in a table it says nothing"

[projects."/home/a person/repo"]
trust_level = "trusted"

[projects."/home/other"]
trust_level = "untrusted"

[hooks.state]

[hooks.state."/<session-flags>/config.toml:stop:0:0"]
trusted_hash = "sha256:1f94"`;

describe("A person's configuration of Codex", () => {
  it('says which folders they were asked about, whatever they answered', () => {
    const { knowsFolder } = readPersonConfig(config);
    assert.ok(knowsFolder('/home/a person/repo'));
    assert.ok(knowsFolder('/home/other'));
    assert.ok(!knowsFolder('/home'));
  });

  it('says whether a hook was reviewed as it is now', () => {
    const { reviewed } = readPersonConfig(config);
    const key = '/<session-flags>/config.toml:stop:0:0';
    assert.ok(reviewed({ key, hash: 'sha256:1f94' }));
    assert.ok(!reviewed({ key, hash: 'sha256:0000' }));
    assert.ok(!reviewed({ key: 'another', hash: 'sha256:1f94' }));
  });

  it('says whether they use a provider of their own', () => {
    assert.equal(readPersonConfig(config).ownProvider, false);
    assert.equal(readPersonConfig(`model_provider = 'mock'\n${config}`).ownProvider, true);
    assert.equal(readPersonConfig('model_provider = "openai"').ownProvider, false);
  });

  it('that cannot be read says nothing', () => {
    for (const text of ['', '[[[\n]]', '[projects."/x"', 'trust_level = "trusted"', '\0'.repeat(9)]) {
      assert.ok(!readPersonConfig(text).knowsFolder('/x'));
    }
  });
});
