import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { needsYou } from '../../../src/town/needsYou.ts';
import type { ResolvingFound } from '../../../src/town/resolving.ts';
import { buttons } from '../../../src/vscode/needs/callOut.ts';
import { resolvingEnd } from '../../../src/vscode/resolvingEnd.ts';
import { whatOf } from '../../../src/vscode/trees/needsYou.ts';
import { needWords } from '../../../src/words/asks.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { Scene } from '../town/scene.ts';
import * as say from '../town/words.ts';

describe('a merge that a person makes', () => {
  let town: Scene;
  let bead: BeadId;
  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}], 'auto') as [BeadId];
    town.delivered(bead);
    town.maxPolecats = 0;
    town.assembled([bead]);
    town.tell({ type: 'resolveConflict', bead });
  });
  const merge = { head: say.commitId(104), onto: say.commitId(0), base: null, files: ['src/a.js'] };
  const found = (what: ResolvingFound): void => {
    const { id: polecat, resolving } = town.polecat(bead);
    assert.ok(resolving);
    town.tell({ type: 'resolution', polecat, step: resolving.step, found: what, reason: null });
  };
  const end = (): string => resolvingEnd(town.state, bead);

  it('is under way, then open, then on its way', () => {
    assert.equal(end(), 'under_way');
    found({ kind: 'begun', ...merge });
    assert.equal(end(), 'open');
    town.tell({ type: 'finishResolution', bead, asIs: false });
    assert.equal(end(), 'under_way');
    found({ kind: 'made', commit: say.commitId(105) });
    assert.equal(end(), 'proving');
  });

  it('is gone when nothing came of it', () => {
    found({ kind: 'gone' });
    assert.equal(end(), 'gone');
  });

  it('is gone with its bead', () => {
    town.tell({ type: 'cancelBead', bead });
    assert.equal(end(), 'gone');
  });

  it('has a row by which a person ends it', () => {
    const [need] = needsYou(town.state);
    assert.ok(need);
    assert.deepEqual(buttons[whatOf(need, town.state)], ['rigs.resolutionDone', 'rigs.abandonResolution']);
    assert.equal(
      needWords(need, town.state, town.now, plainEnglish).title,
      'You resolve the conflict of “bead 1”',
    );
  });
});
