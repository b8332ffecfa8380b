import assert from 'node:assert/strict';
import path from 'node:path';
import { checkEnvironment } from '../../../src/foreman/checks/environment.ts';

describe("a check's environment", () => {
  it('has what programs need and says that nobody watches', () => {
    const environment = checkEnvironment({
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'de',
      CARGO_HOME: '/c',
      SystemRoot: 'W',
    });
    const expected = {
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'de',
      CARGO_HOME: '/c',
      SystemRoot: 'W',
      CI: 'true',
    };
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(environment[name], value);
    }
  });

  it("has no token, no agent's door and nothing of the editor", () => {
    const secret = {
      ...{
        ANTHROPIC_API_KEY: 'x',
        GITHUB_TOKEN: 'x',
        NPM_TOKEN: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        SSH_AUTH_SOCK: 'x',
      },
      ...{
        RIGS_TOKEN: 'x',
        RIGS_HOME: 'x',
        GTR_AGENT: 'x',
        VSCODE_PID: 'x',
        ELECTRON_RUN_AS_NODE: 'x',
        MY_THING: 'x',
      },
      ...{ NODE_OPTIONS: 'x', LD_PRELOAD: 'x', BASH_ENV: 'x', GIT_DIR: 'x', XDG_RUNTIME_DIR: 'x' },
    };
    assert.deepEqual(Object.values(checkEnvironment(secret)).includes('x'), false);
  });

  it('has a proxy, but none with a password in it', () => {
    const environment = checkEnvironment({
      HTTPS_PROXY: 'http://ada:secret@proxy:1',
      http_proxy: 'http://proxy:1',
    });
    assert.equal('HTTPS_PROXY' in environment, false);
    assert.equal(environment['http_proxy'], 'http://proxy:1');
  });

  it('finds no program in the worktree under test', () => {
    const search = ['.', 'node_modules/.bin', '', path.resolve('/usr/bin')].join(path.delimiter);
    assert.equal(checkEnvironment({ PATH: search })['PATH'], path.resolve('/usr/bin'));
  });

  it('has what a check sets, as it stands and above all else', () => {
    const environment = checkEnvironment(
      { PATH: '/bin', GITHUB_TOKEN: 'secret', HOME: '/h' },
      { CI: '', HOME: '/other', TOKEN: '$GITHUB_TOKEN ${env:GITHUB_TOKEN}' },
    );
    assert.equal(environment['CI'], '');
    assert.equal(environment['HOME'], '/other');
    assert.equal(environment['PATH'], '/bin');
    assert.equal(environment['TOKEN'], '$GITHUB_TOKEN ${env:GITHUB_TOKEN}');
    assert.ok(!('GITHUB_TOKEN' in environment));
  });
});
