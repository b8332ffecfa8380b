import assert from 'node:assert/strict';
import { cutText } from '../../../src/git/cut.ts';
import { whatDecides } from '../../../src/town/decides.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { Scene } from './scene.ts';
import * as say from './words.ts';

describe('Work that changes what its checks prove', () => {
  const decides = ['package.json'];

  it('waits for a person, also where its convoy lands by itself', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead, say.commitId(10), { decides });
    assert.equal(town.request(bead).approval, null);
    town.provenToLand(bead);
    assert.equal(town.why(bead).code, 'waits_for_approval');
    assert.deepEqual(
      needsYou(town.state).map((need) => need.kind),
      ['approval'],
    );
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.land(bead);
    assert.equal(town.bead(bead).status, 'completed');
  });

  it('keeps the yes a person gave while it is proven again', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead, say.commitId(10), { decides });
    town.tell({ type: 'approve', request: town.request(bead).id });
    town.tick();
    town.assembled();
    town.ran();
    const moved = { code: 'target_moved', facts: { target: 'main' } } as const;
    town.tell({ type: 'notLanded', batch: town.batch().id, reason: moved });
    town.tick();
    town.assembled([], [say.commitId(12)]);
    town.ran();
    town.landed();
    assert.equal(town.bead(bead).status, 'completed');
  });

  it('does not hold up what stands beside it in its convoy', () => {
    const town = new Scene();
    const [one, other] = town.convoy([{}, {}], 'auto') as [BeadId, BeadId];
    town.delivered(one, say.commitId(10), { decides });
    town.delivered(other, say.commitId(20));
    assert.deepEqual([town.request(one).approval, town.request(other).approval], [null, 'convoy']);
  });

  const skipping = [
    'diff --git a/test/a.test.js b/test/a.test.js',
    '--- a/test/a.test.js',
    '+++ b/test/a.test.js',
    '@@ -1 +1 @@',
    "-it('adds', () => {",
    "+it.skip('adds', () => {",
    '',
  ].join('\n');

  it('is known by the files that decide and by tests that are taken away, each named once', () => {
    const files = ['package.json', 'src/a.js', 'test/a.test.js'];
    assert.deepEqual(whatDecides(files, skipping), ['package.json', 'test/a.test.js']);
    assert.deepEqual(whatDecides(['src/a.js'], ''), []);
  });

  it('has every changed file of tests in it where the diff was too long to be seen whole', () => {
    const files = ['a/huge.txt', 'src/a.js', 'test/a.test.js', 'test/b_test.go'];
    const diff = cutText(Buffer.from('diff --git a/a/huge.txt b/a/huge.txt\n+much'), true, 40);
    assert.deepEqual(whatDecides(files, diff), ['test/a.test.js', 'test/b_test.go']);
    assert.deepEqual(whatDecides(files, cutText(Buffer.from('+one'), true, 4)), [
      'test/a.test.js',
      'test/b_test.go',
    ]);
    assert.deepEqual(whatDecides(files, '+... cut here: so it says\n'), []);
  });
});
