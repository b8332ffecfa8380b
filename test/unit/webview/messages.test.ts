import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { checkMessage } from '../../../src/vscode/messages/check.ts';
import { fromFeed, toFeed } from '../../../src/vscode/messages/feed.ts';
import { plainText } from '../../../src/vscode/messages/plainText.ts';
import { fromQueue, toQueue } from '../../../src/vscode/messages/queue.ts';
import { feedRow, feedRows, queue, queueRow, snapshot } from '../../integration/webview/examples.ts';

describe('Messages between the host and its pages', () => {
  it('are accepted as agreed', () => {
    ok(checkMessage(toFeed, snapshot(feedRows(1, 1000))).ok);
    ok(checkMessage(toQueue, queue([queueRow()])).ok);
  });

  it('are refused with anything unknown, too long, too many or of another kind in them', () => {
    for (const message of [
      snapshot(feedRows(1, 1001)),
      snapshot([feedRow(1, { text: 'x'.repeat(2001) })]),
      snapshot([{ ...feedRow(1), html: '<b>' } as never]),
      snapshot([feedRow(1, { kind: 'mail' as never })]),
      snapshot([], { seq: -1 }),
      { type: 'eval', code: '1' },
    ])
      equal(checkMessage(toFeed, message).ok, false, JSON.stringify(message).slice(0, 100));
    equal(checkMessage(toQueue, queue([queueRow({ stage: 'landed' as never })])).ok, false);
    equal(checkMessage(toQueue, queue(Array.from({ length: 201 }, () => queueRow()))).ok, false);
  });

  it('never repeat a refused value, which may be a secret, in the complaint', () => {
    const checked = checkMessage(fromFeed, { type: 'open', what: 'bead', rig: 'sk-secret', id: 'sk-secret' });
    ok(!checked.ok && !checked.why.includes('secret'), JSON.stringify(checked));
  });

  it('make no page message throw the host, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        checkMessage(fromFeed, message);
        checkMessage(fromQueue, message);
      }),
    );
  });
});

describe('Text from outside', () => {
  it('shows hidden characters instead of obeying them', () => {
    deepEqual(
      ['\u001b[31mred', 'a\u202etxt.exe', 'zero\u200bwidth', 'two\r\nlines', 'tab\there', '\u0085'].map(
        (text) => plainText(text),
      ),
      ['␛[31mred', 'a⟨U+202E⟩txt.exe', 'zero⟨U+200B⟩width', 'two ⏎ lines', 'tab here', '⟨U+0085⟩'],
    );
  });

  it('leaves what people write as it is', () => {
    const text = 'Größe <b>&amp;</b> 中文 עברית 👩🏽‍🚀'.replaceAll('\u200d', '');
    equal(plainText(text), text);
  });

  it('is cut where it is too long, between characters', () => {
    equal(plainText('abcdef', 4), 'abc…');
    equal(plainText('ab👍cd', 4), 'ab…');
    ok(plainText('x'.repeat(5_000_000)).length <= 2000);
  });

  it('is never longer than agreed and never holds a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.integer({ min: 2, max: 100 }),
        (text, limit) => {
          const shown = plainText(text, limit);
          ok(shown.length <= limit && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(shown));
        },
      ),
    );
  });
});
