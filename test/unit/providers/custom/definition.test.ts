import assert from 'node:assert/strict';
import { readCustom } from '../../../../src/providers/custom/definition.ts';
import { filled } from '../../../../src/providers/custom/placeholders.ts';

describe("An agent of a person's own", () => {
  it('needs a name and a command; its task is then its last argument', () => {
    assert.deepEqual(readCustom({ name: 'My agent', command: 'agent' }), {
      name: 'My agent',
      command: 'agent',
      args: ['${prompt}'],
      prompt: 'argument',
      done: 'command',
      env: {},
    });
  });

  it('has its task where its arguments or variables say', () => {
    const read = (more: object): unknown => {
      const found = readCustom({ name: 'a', command: 'b', ...more });
      return 'problem' in found ? found.problem : found.args;
    };
    assert.deepEqual(read({ args: ['--task=${prompt}', '-v'] }), ['--task=${prompt}', '-v']);
    assert.deepEqual(read({ args: ['-f', '${promptFile}'], prompt: 'file' }), ['-f', '${promptFile}']);
    assert.deepEqual(read({ args: ['run'], env: { TASK: '${prompt}' } }), ['run']);
    assert.deepEqual(read({ args: ['run', '$${prompt}'] }), ['run', '$${prompt}', '${prompt}']);
    assert.deepEqual(read({ args: ['run'], prompt: 'stdin' }), ['run']);
  });

  it('may be a further account of a vendor that Rigs knows, told by its environment', () => {
    const env = { CLAUDE_CONFIG_DIR: '~/.claude-work' };
    assert.deepEqual(readCustom({ name: 'Claude at work', vendor: 'claude-code', env }), {
      name: 'Claude at work',
      vendor: 'claude-code',
      command: '',
      args: null,
      env,
    });
  });

  const good = { name: 'a', command: 'b' };
  const account = { name: 'a', vendor: 'codex', env: { CODEX_HOME: '/codex' } };
  const problems: readonly (readonly [unknown, RegExp])[] = [
    ['aider', /must be an object/],
    [null, /must be an object/],
    [{}, /"name" must be/],
    [{ ...good, name: '--yolo' }, /"name" must be/],
    [{ ...good, name: 'a/b' }, /"name" must be/],
    [{ ...good, name: 'Codex' }, /"Codex" is the name of an agent that Rigs knows/],
    [{ name: 'a' }, /"command" must be/],
    [{ ...good, command: ' ' }, /"command" must be/],
    [{ ...good, command: '${worktree}/agent' }, /"command" may hold no placeholder/],
    [{ ...good, args: '-v' }, /"args" must be a list/],
    [{ ...good, args: ['-v', 3] }, /"args" must be a list/],
    [{ ...good, args: ['a\0b'] }, /"args" must be a list/],
    [{ ...good, args: ['${promt}'] }, /"args": \$\{promt\} is not known; there is \$\{prompt\}, /],
    [{ ...good, args: ['${}'] }, /"args": \$\{\} is not known/],
    [{ ...good, args: ['${RIGS_TOKEN}'] }, /\$\{RIGS_TOKEN\} is not known/],
    [{ ...good, prompt: 'file' }, /\$\{promptFile\} is in none/],
    [{ ...good, prompt: 'tty' }, /"prompt" must be argument, file or stdin/],
    [{ ...good, done: true }, /"done" must be command or exit/],
    [{ ...good, env: ['A=b'] }, /"env" must be an object/],
    [{ ...good, env: { 'A B': 'x' } }, /"A B" is no name/],
    [{ ...good, env: { RIGS_TOKEN: 'x' } }, /RIGS_TOKEN is set by Rigs/],
    [{ ...good, env: { A: 1 } }, /the value of A must be a text/],
    [{ ...good, env: { A: '${x}' } }, /"env": \$\{x\} is not known/],
    [{ ...account, vendor: 'aider' }, /"vendor" must be claude-code, codex or gemini-cli/],
    [{ ...account, env: {} }, /"env" must say which account it is/],
    [{ ...account, env: { CODEX_HOME: '${worktree}' } }, /may hold no placeholder/],
    [{ ...account, args: ['${prompt}'] }, /may hold no placeholder/],
    [{ ...account, done: 'exit' }, /"done" is not known; an agent with "vendor" has name, vendor, /],
    [{ ...good, tty: true }, /"tty" is not known; an agent has name, command, /],
  ];
  for (const [value, expected] of problems) {
    it(`is told what is wrong with ${JSON.stringify(value)}`, () => {
      const found = readCustom(value);
      assert.ok('problem' in found);
      assert.match(found.problem, expected);
    });
  }
});

describe('A placeholder', () => {
  const values = { prompt: 'Do ${title}; $(id) $& $1', title: 'T' };

  it('is replaced within its word, and what it holds is not looked at again', () => {
    assert.equal(filled('--p=${prompt}|${title}', values), '--p=Do ${title}; $(id) $& $1|T');
  });

  it('can be written so that it stands for itself', () => {
    assert.equal(filled('$${prompt} ${title}', values), '${prompt} T');
  });
});
