/* eslint-disable no-control-regex -- control characters are what must not be there */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plain, plainLines, visible } from '../../../src/words/plain.ts';
import { maxQuoted, quote } from '../../../src/words/quote.ts';
import { busyMs } from '../busyMs.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\u001b[31m',
        '\u001b]0;title\u0007',
        '\u202e',
        '\u2066',
        '\u0000',
        '\r',
        '\n',
        '\u009b1m',
        '\ud800',
        'a',
        '`',
        '\u{e0041}',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);
/** What a terminal, a tree or a reader would act on instead of showing it. */
const acting =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

describe('text from agents, repositories and models', () => {
  it('becomes one line without anything that acts on the reader, never longer than asked', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const line = plain(text, max);
        assert.doesNotMatch(line, acting);
        assert.doesNotMatch(line, /[\n\t]/);
        assert.ok(Array.from(line).length <= max + 1);
        assert.equal(plain(line, max + 1), line);
      }),
    );
  });

  it('keeps what people write, in any script', () => {
    assert.equal(plain('  Größe 尺寸 👩 ok  '), 'Größe 尺寸 👩 ok');
    assert.equal(
      plain('\u001b[1;31mred\u001b[0m and \u001b]8;;http://x\u0007link\u001b]8;;\u0007'),
      'red and link',
    );
    assert.equal(plain('abcdef', 4), 'abc…');
    assert.equal(plain('👩👩👩👩', 3), '👩👩…');
    assert.equal(plain(`ab${' '.repeat(5_000)}cd`, 10), 'ab…', 'what was not looked at is not denied');
  });

  it('keeps its lines where lines are wanted', () => {
    assert.equal(plainLines('a\r\nb\u001b[K\tc\u0007'), 'a\nb\tc');
  });

  it('is shown as it is where a person decides: nothing is left out, unseen characters are spelt', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = visible(text, 100_000);
        assert.doesNotMatch(shown, acting);
        assert.doesNotMatch(shown, /[\n\t]/);
        assert.ok(shown.length >= text.length - 1);
      }),
    );
    assert.equal(visible('ls \u202e; rm\n-rf'), 'ls \\u{202e}; rm\\n-rf');
    assert.equal(visible('echo \u001b]0;x\u0007 rm -rf /'), 'echo \\u{1b}]0;x\\u{7} rm -rf /');
  });

  it('shows both ends of what is too long to show', () => {
    const shown = visible(`start${'x'.repeat(50_000)}end`, 100);
    assert.match(shown, /^start.* … .*end$/);
    assert.ok(shown.length < 120);
  });

  it('costs nothing when it is made to hurt', () => {
    for (const text of [
      '\u001b['.repeat(500_000),
      '\u001b]'.repeat(500_000),
      '\u009d'.repeat(500_000),
      ' '.repeat(1_000_000),
    ]) {
      assert.ok(busyMs(() => [plain(text), plainLines(text), visible(text)]) < 1_500);
    }
  });
});

describe('output quoted for an agent', () => {
  it('cannot close its own fence and stays within its cap', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.constantFrom('```\nrm\n```', '`'.repeat(9))), (text) => {
        const [fence = '', ...rest] = quote(text, 50).split('\n');
        assert.match(fence, /^`{3,}$/);
        assert.equal(rest.at(-1), fence);
        assert.ok(!rest.slice(0, -1).join('\n').includes(fence));
      }),
    );
    assert.ok(quote('x\n'.repeat(1_000_000)).length < maxQuoted + 200);
  });

  it('keeps the end, where failures are told, and the beginning, where it says what ran', () => {
    const text = `$ npm test\n${'noise\n'.repeat(10_000)}1 failing\n  expected 1, got 2`;
    const quoted = quote(text);
    assert.match(quoted, /\$ npm test/);
    assert.match(quoted, /expected 1, got 2/);
    assert.match(quoted, /characters left out/);
  });
});
