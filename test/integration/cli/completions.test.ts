import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { bashCompletion } from '../../../src/cli/completions/bash.ts';
import { fishCompletion } from '../../../src/cli/completions/fish.ts';
import { outlineOf } from '../../../src/cli/completions/outline.ts';
import { powershellCompletion } from '../../../src/cli/completions/powershell.ts';
import { zshCompletion } from '../../../src/cli/completions/zsh.ts';
import { verbs } from '../../../src/cli/verbs.ts';

const outline = outlineOf(verbs);

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What Tab offers behind a line, in the order offered. */
type Offers = (line: string) => readonly string[];

const inBash: Offers = (line) => {
  const words = line.split(' ');
  const script = `${bashCompletion(outline)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rigs; printf '%s\\n' "\${COMPREPLY[@]}"`;
  // A bash whose stdin is a socket takes itself for a remote shell and reads the person's own file first.
  return execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter((one) => one !== '');
};

const inFish: Offers = (line) =>
  execFileSync('fish', ['-c', `${fishCompletion(outline)}\ncomplete -C ${JSON.stringify(line)}`], {
    encoding: 'utf8',
  })
    .split('\n')
    .flatMap((one) => (one === '' ? [] : (one.split('\t')[0] ?? [])));

/** Both offer the same words; only flags' order and descriptions are a shell's own. */
function offersWhatIsThere(offers: Offers): void {
  assert.deepEqual(offers('rigs convo'), ['convoy']);
  assert.deepEqual(offers('rigs bead c').toSorted(), ['cancel', 'clean', 'create']);
  assert.deepEqual(offers('rgt foreman s').toSorted(), ['start', 'status', 'stop']);
  assert.deepEqual(offers('rigs bead create --pri'), ['--priority']);
  assert.deepEqual(offers('rigs bead create x --priority h'), ['high']);
  assert.deepEqual(offers('rigs bead create -p cr'), ['critical']);
  assert.deepEqual(offers('rigs completions po'), ['powershell']);
  assert.ok(offers('rigs status --').includes('--json'));
}

describe('Completions', () => {
  it('offer in bash what the table of verbs has', () => {
    offersWhatIsThere(inBash);
  });

  it('offer the same in fish', function () {
    if (!has('fish')) this.skip();
    offersWhatIsThere(inFish);
  });

  it('are read by zsh', function () {
    if (!has('zsh')) this.skip();
    const script = `autoload -U compinit; compinit -u -D; ${zshCompletion(outline)}\nwhence -w _rigs`;
    assert.match(execFileSync('zsh', ['-fc', script], { encoding: 'utf8' }), /_rigs: function/);
  });

  it('name every verb in every shell', () => {
    for (const print of [bashCompletion, zshCompletion, fishCompletion, powershellCompletion]) {
      const text = print(outline);
      for (const { words } of verbs)
        assert.ok(
          words.split(' ').every((word) => text.includes(word)),
          words,
        );
    }
  });
});
