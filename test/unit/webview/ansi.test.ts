import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type AnsiStyle, ansiClasses, ansiLine, noStyle } from '../../../src/webview/ansi.ts';

/** What sequences are made of, in any order. */
const noise = fc.string({
  unit: fc.constantFrom('\u001b', '[', ']', ';', ':', '\r', ' ', 'a', ...Array.from('0123456789'), 'm', 'K'),
  maxLength: 60,
});

const read = (line: string, begin: AnsiStyle = noStyle): readonly (readonly [string, string])[] =>
  ansiLine(line.replaceAll('^[', '\u001b['), begin).pieces.map(({ text, style }) => [
    text,
    ansiClasses(style),
  ]);

describe('The colours of an output', () => {
  it('are the sixteen of the theme, with the marks of a terminal', () => {
    deepEqual(read('a^[31mred^[1;4mmore^[0mb'), [
      ['a', ''],
      ['red', 'fg-1'],
      ['more', 'fg-1 bold underline'],
      ['b', ''],
    ]);
    deepEqual(read('^[93;41mx^[39my^[49mz'), [
      ['x', 'fg-11 bg-1'],
      ['y', 'bg-1'],
      ['z', ''],
    ]);
    deepEqual(read('^[1;2;7mx^[22my^[mz'), [
      ['x', 'bold dim inverse'],
      ['y', 'inverse'],
      ['z', ''],
    ]);
  });

  it('of a larger palette become the nearest, and what follows them is read as it is', () => {
    deepEqual(read('^[38;5;196;1mx'), [['x', 'fg-9 bold']]);
    deepEqual(read('^[38;5;3mx'), [['x', 'fg-3']]);
    deepEqual(read('^[48;2;0;0;240mx'), [['x', 'bg-4']]);
    deepEqual(read('^[38;5;244mx'), [['x', 'fg-8']]);
  });

  it('go on in the next line until they end', () => {
    const { style } = ansiLine('\u001b[32mgreen', noStyle);
    deepEqual(read('still^[0m not', style), [
      ['still', 'fg-2'],
      [' not', ''],
    ]);
  });

  it('leave out what moves a cursor or names a window, and what was overwritten', () => {
    deepEqual(read('^[2K^[1Ga^[?25lb\u001b]0;title\u0007c\u001b(Bd'), [
      ['a', ''],
      ['b', ''],
      ['c', ''],
      ['d', ''],
    ]);
    deepEqual(read('10 %\r^[32m100 %\r'), [['100 %', 'fg-2']]);
  });

  it('are never more than names of our own, whatever a program prints', () => {
    fc.assert(
      fc.property(noise, (line) => {
        const { pieces } = ansiLine(line, noStyle);
        for (const { text, style } of pieces) {
          ok(/^((fg|bg)-(\d|1[0-5])|bold|dim|italic|underline|inverse|strike| )*$/.test(ansiClasses(style)));
          ok(line.includes(text));
        }
      }),
    );
  });

  it('are read in time that grows with the line alone', () => {
    const line = '\u001b]'.repeat(200_000);
    const began = performance.now();
    ansiLine(line, noStyle);
    equal(performance.now() - began < 2_000, true);
  });
});
