import assert from 'node:assert/strict';
import fc from 'fast-check';
import { printCommand } from '../../../src/system/commandLine.ts';

describe('a printed command', () => {
  it('reads as a shell would', () => {
    assert.equal(printCommand('npm', ['run', 'a b', "it's", '']), `npm run 'a b' 'it'\\''s' ''`);
    assert.equal(printCommand('rm', ['-rf', '$HOME', ';ls']), `rm -rf '$HOME' ';ls'`);
  });

  it('shows what a terminal would obey or hide', () => {
    assert.equal(
      printCommand('echo', ['\u001b[2J', '\u202Etxt', "a\n'"]),
      String.raw`echo $'\u001b[2J' $'\u202etxt' $'a\u000a\''`,
    );
  });

  it('is one line that holds nothing invisible, whatever the words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (args) => {
        assert.doesNotMatch(printCommand('x', args), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('is never the same for two different commands', () => {
    const word = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("'", '\\', ' ', '\n', '$', 'u', '0') }),
    );
    fc.assert(
      fc.property(fc.array(word), fc.array(word), (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        assert.notEqual(printCommand('x', a), printCommand('x', b));
      }),
    );
  });
});
