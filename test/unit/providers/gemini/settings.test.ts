import assert from 'node:assert/strict';
import { parseSettings } from '../../../../src/providers/gemini/json.ts';
import { hookCommand } from '../../../../src/providers/gemini/shellWords.ts';
import { heardEvents, settingsFor } from '../../../../src/providers/gemini/settings.ts';
import { trustIn } from '../../../../src/providers/gemini/trust.ts';

const rigs = {
  bin: '/r/bin',
  hook: ["/r/bin/a person's rigs", 'agent-hook'],
  mcp: { file: '/r/node', args: ['/r/mcp.cjs'], env: { RIGS_X: 'yes' } },
};
const parts = { rigs, platform: 'linux' as const, hasKey: true };

describe('The settings of one Gemini CLI', () => {
  it('call Rigs for each event it listens to, by words no shell can misread', () => {
    const { hooks } = settingsFor({}, parts) as { hooks: Record<string, { hooks: { command: string }[] }[]> };
    assert.deepEqual(Object.keys(hooks), [...heardEvents]);
    assert.equal(
      hooks['AfterAgent']?.[0]?.hooks[0]?.command,
      `'/r/bin/a person'\\''s rigs' 'agent-hook' 'AfterAgent'`,
    );
  });

  it("give its tools the agent's token by name, so that none stands in a file", () => {
    const { mcpServers } = settingsFor({}, parts);
    assert.deepEqual(mcpServers, {
      rigs: {
        command: '/r/node',
        args: ['/r/mcp.cjs'],
        env: { RIGS_X: 'yes', RIGS_HOME: '$RIGS_HOME', RIGS_TOKEN: '$RIGS_TOKEN' },
        trust: true,
        timeout: 86_400_000,
      },
    });
  });

  it("keep everything of the person's, and add to it", () => {
    const person = {
      ui: { theme: 'Dracula' },
      hooks: { AfterTool: [{ matcher: 'write_file', hooks: [{ type: 'command', command: 'lint' }] }] },
      mcpServers: { jira: { command: 'jira' } },
      mcp: { allowed: ['jira'] },
      tools: { exclude: ['web_fetch'], sandbox: true },
      general: { vimMode: true },
      security: {
        auth: { selectedType: 'oauth-personal' },
        environmentVariableRedaction: { enabled: true, allowed: ['FOO'] },
        folderTrust: { enabled: true },
      },
    };
    const made = JSON.parse(JSON.stringify(settingsFor(person, parts))) as Record<string, unknown>;
    const { hooks, mcpServers, ...rest } = made;
    assert.equal((hooks as Record<string, unknown[]>)['AfterTool']?.length, 2);
    assert.deepEqual(Object.keys(mcpServers as object), ['jira', 'rigs']);
    assert.deepEqual(rest, {
      ui: { theme: 'Dracula' },
      mcp: { allowed: ['jira', 'rigs'] },
      tools: { exclude: ['web_fetch', 'ask_user'], sandbox: true },
      general: { vimMode: true, enableAutoUpdate: false, enableAutoUpdateNotification: false },
      ide: { enabled: false, hasSeenNudge: true },
      security: {
        auth: { selectedType: 'oauth-personal' },
        environmentVariableRedaction: { enabled: true, allowed: ['FOO', 'RIGS_HOME', 'RIGS_TOKEN'] },
        folderTrust: { enabled: true },
      },
    });
  });

  it('log in with a key only where there is one and the person chose nothing', () => {
    const auth = (person: object, hasKey: boolean): unknown =>
      (settingsFor({ ...person }, { ...parts, hasKey })['security'] as Record<string, unknown>)['auth'];
    assert.deepEqual(auth({}, true), { selectedType: 'gemini-api-key' });
    assert.equal(auth({}, false), undefined);
    assert.deepEqual(auth({ security: { auth: { selectedType: 'vertex-ai' } } }, true), {
      selectedType: 'vertex-ai',
    });
  });

  it('may have comments, and texts that look like some', () => {
    assert.deepEqual(parseSettings('\uFEFF{ // why\n "a": "http://x/*y*/" /* and\nmore */ }'), {
      a: 'http://x/*y*/',
    });
    for (const text of ['', '[]', '{"a":1,}', 'null', '{ "a": "b'])
      assert.throws(() => parseSettings(text), SyntaxError);
  });

  it('are quoted for PowerShell on Windows', () => {
    assert.equal(
      hookCommand(['C:\\a b\\rigs.exe', "it's", '$x'], 'win32'),
      `& 'C:\\a b\\rigs.exe' 'it''s' '$x'`,
    );
  });
});

describe('Trust in a folder', () => {
  const rules = {
    '/a': 'TRUST_FOLDER',
    '/a/bad': 'DO_NOT_TRUST',
    '/x/one/sub': 'TRUST_PARENT',
    '/odd': 'SOMETHING',
  };
  const cases = [
    ['/a', 'trusted'],
    ['/a/repo', 'trusted'],
    ['/a/..repo', 'trusted'],
    ['/a/bad/deep', 'distrusted'],
    ['/a/badly', 'trusted'],
    ['/x/one/other', 'trusted'],
    ['/x', null],
    ['/odd', null],
    ['/ab', null],
  ] as const;
  for (const [folder, expected] of cases) {
    it(`${folder}: ${expected ?? 'nothing was said'}`, () => {
      assert.equal(trustIn(folder, rules), expected);
    });
  }
});
