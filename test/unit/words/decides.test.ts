import assert from 'node:assert/strict';
import type { BeadId, CommitId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import { needWords } from '../../../src/words/asks.ts';
import { decidesLine } from '../../../src/words/decides.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { Scene } from '../town/scene.ts';

describe('What a person is told of work that changes what checks prove', () => {
  it('names the files, and of many the first', () => {
    const of = (count: number): string =>
      decidesLine(
        { decides: Array.from({ length: count }, (_, index) => `t${String(index)}.json`) },
        plainEnglish,
      );
    assert.equal(of(0), '');
    assert.equal(of(1), 'It changes what checks prove, so look at these files first: t0.json.');
    assert.match(of(7), /first: t0\.json, t1\.json, t2\.json, t3\.json, t4\.json and 2 more\.$/);
  });

  it('stands where the landing is approved, with names that can forge nothing', () => {
    const town = new Scene();
    const [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead, 'a'.repeat(40) as CommitId, { decides: ['x\u001b[2J\n/package.json'] });
    town.provenToLand(bead);
    const [need] = needsYou(town.state);
    assert.ok(need !== undefined);
    const { detail } = needWords(need, town.state, town.now, plainEnglish);
    assert.match(detail, /It changes what checks prove, so look at these files first: x.*package\.json\./);
    assert.ok(!/\p{Cc}/u.test(detail));
  });
});
