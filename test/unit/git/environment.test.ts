import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { gitEnvironment } from '../../../src/git/environment.ts';

describe("the environment of Rigs' own git calls", () => {
  const config = (environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> => {
    const count = Number(environment['GIT_CONFIG_COUNT']);
    return new Map(
      Array.from({ length: count }, (_, n) => [
        environment[`GIT_CONFIG_KEY_${String(n)}`] ?? '',
        environment[`GIT_CONFIG_VALUE_${String(n)}`] ?? '',
      ]),
    );
  };

  it('does not let a variable point git at another repository, index or program', () => {
    const hostile = { GIT_DIR: '/x', GIT_INDEX_FILE: '/x', GIT_EXTERNAL_DIFF: '/x', GIT_PROXY_COMMAND: '/x' };
    const environment = gitEnvironment(
      {},
      { ...hostile, PATH: '/bin', EDITOR: '/x', PAGER: '/x', SSH_ASKPASS: '/x' },
    );
    assert.equal(Object.values(environment).includes('/x'), false);
    assert.equal(environment['PATH'], '/bin');
  });

  it("keeps what says where the person's configuration and ssh are", () => {
    const kept = { GIT_CONFIG_GLOBAL: '/g', GIT_SSH_COMMAND: 'ssh -i key', HOME: '/h', SSH_AUTH_SOCK: '/s' };
    const environment = gitEnvironment({}, kept);
    for (const [name, value] of Object.entries(kept)) assert.equal(environment[name], value);
  });

  it('replaces configuration handed over by environment with its own', () => {
    const hostile = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.sshCommand', GIT_CONFIG_VALUE_0: '/x' };
    const environment = gitEnvironment({}, { ...hostile, GIT_CONFIG_PARAMETERS: "'core.pager=/x'" });
    assert.equal(config(environment).has('core.sshCommand'), false);
    assert.equal('GIT_CONFIG_PARAMETERS' in environment, false);
  });

  it('points hooks to where no file can be, on every platform', () => {
    const hooks = config(gitEnvironment()).get('core.hooksPath') ?? '';
    assert.ok(isAbsolute(hooks));
    assert.ok(hooks.startsWith(process.execPath));
  });

  it('never asks and never takes a lock for looking', () => {
    const environment = gitEnvironment();
    assert.equal(environment['GIT_TERMINAL_PROMPT'], '0');
    assert.equal(environment['GIT_OPTIONAL_LOCKS'], '0');
    assert.equal(environment['GIT_ALLOW_PROTOCOL']?.split(':').includes('ext'), false);
  });

  it('gives agents’ doors and tokens to no git', () => {
    const environment = gitEnvironment(
      {},
      { RIGS_TOKEN: 't', GTR_AGENT: 'a', VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1' },
    );
    for (const name of ['RIGS_TOKEN', 'GTR_AGENT', 'VSCODE_PID', 'ELECTRON_RUN_AS_NODE']) {
      assert.equal(name in environment, false);
    }
  });
});
