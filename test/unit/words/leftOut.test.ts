import assert from 'node:assert/strict';
import { feedLine } from '../../../src/words/feed.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { polecatId } from '../../../src/town/ids.ts';
import type { Facts } from '../../../src/town/reason.ts';
import type { NoticeCode } from '../../../src/ports/notices.ts';

const line = (what: NoticeCode, facts: Facts): string =>
  feedLine({ what, facts, why: null, polecat: polecatId('nux', 1) }, plainEnglish);
const left = (why: string, ...paths: readonly string[]): string => line('worktree.left_out', { why, paths });

describe('what the feed says of a worktree’s files', () => {
  it('is what came from the checkout', () => {
    const files = ['.env', 'a.key'];
    assert.equal(
      line('worktree.furnished', { files, folders: [] }),
      'nux has .env, a.key from your checkout',
    );
    assert.equal(
      line('worktree.furnished', { files: [], folders: ['dist'] }),
      'nux has dist from your checkout',
    );
    assert.equal(
      line('worktree.furnished', { files, folders: ['dist'] }),
      'nux has dist and .env, a.key from your checkout',
    );
  });

  it('is what did not come, why, and where it can be mended', () => {
    assert.match(
      left('not_ignored', 'node_modules'),
      /git would commit it there: node_modules\. Add it to \.gitignore/,
    );
    assert.match(left('too_large', 'a', 'b', 'c', 'd'), /a, b, c \+1\. .*rigs\.worktree\.share/);
    assert.match(left('too_many', 'cache/'), /cache\/\. .*rigs\.worktree\.share/);
    assert.match(left('bad_path', '../x'), /\.\.\/x\. Mend rigs\.worktree\.share/);
    for (const why of ['leads_out', 'unreadable', 'not_a_file', 'missing', 'taken', 'of a later version'])
      assert.match(left(why, 'x.key'), /x\.key/);
  });

  it('is that its setup runs', () => {
    assert.equal(line('setup.started', { name: 'setup' }), 'nux runs the setup of its worktree');
  });
});
