import { deepEqual, equal } from 'node:assert/strict';
import { feedKinds, feedLimit } from '../../../src/vscode/messages/feed.ts';
import {
  emptyFeed,
  linksOf,
  matches,
  noFilter,
  withNewer,
  withOlder,
} from '../../../src/webview/feedModel.ts';
import { feedRow, feedRows } from '../../integration/webview/examples.ts';

const ids = (rows: readonly { readonly text: string }[]): readonly string[] => rows.map((row) => row.text);

describe('What the feed page holds', () => {
  it('adds new rows at the end and older ones at the front, each once', () => {
    const some = withNewer(emptyFeed, feedRows(3, 4));
    const more = withOlder(withNewer(some, feedRows(4, 5)), feedRows(2, 3), false);
    deepEqual(ids(more.rows), ['Line 2.', 'Line 3.', 'Line 4.', 'Line 5.']);
  });

  it('lets the oldest go beyond a thousand, and knows that they can be asked for', () => {
    const full = withNewer(withNewer(emptyFeed, feedRows(1, feedLimit)), feedRows(2000, 2001));
    equal(full.rows.length, feedLimit);
    deepEqual([full.rows[0]?.text, full.rows.at(-1)?.text, full.more], ['Line 3.', 'Line 2001.', true]);
  });

  it('lets the newest go for older ones, and then takes no new ones until it starts again', () => {
    const full = withNewer(emptyFeed, feedRows(201, 200 + feedLimit));
    const back = withOlder(full, feedRows(1, 200), false);
    deepEqual([back.rows[0]?.text, back.rows.length, back.detached], ['Line 1.', feedLimit, true]);
    equal(withNewer(back, feedRows(5000, 5000)), back);
  });
});

describe('The filter of the feed', () => {
  const row = feedRow(1, { text: 'Check lint failed.', kind: 'check', rigName: 'Tidy', bead: 'gt-0000a' });

  it('finds every word anywhere in the line, its rig and its ids, in any case', () => {
    const found = (text: string): boolean => matches(row, { ...noFilter, text });
    deepEqual(['LINT check', 'tidy', 'gt-0000a failed', 'lint passed', '  '].map(found), [
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  it('takes a word as a word and never as a pattern', () => {
    equal(matches(row, { ...noFilter, text: '.*' }), false);
  });

  it('leaves out the kinds that are switched off', () => {
    equal(matches(row, { text: '', kinds: feedKinds.filter((kind) => kind !== 'check') }), false);
  });
});

describe('What a line of the feed opens', () => {
  it('is the request, then the bead; the agent first where the line is about one', () => {
    const all = { bead: 'gt-0000a', polecat: 'nux-1', request: 'mr-0000b' };
    const order = (kind: 'agent' | 'landing'): readonly string[] =>
      linksOf(feedRow(1, { ...all, kind })).map(({ what }) => what);
    deepEqual(order('landing'), ['request', 'bead', 'polecat']);
    deepEqual(order('agent'), ['polecat', 'request', 'bead']);
    deepEqual(linksOf(feedRow(1)), []);
  });
});
