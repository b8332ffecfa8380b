import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { conflictText } from '../../../src/words/conflict.ts';

describe('what an agent is told of a conflict', () => {
  const own = { id: 'gt-00001' as BeadId, title: 'Draw a grid', criteria: ['Weeks begin on Monday'] };
  const other = { id: 'gt-00002' as BeadId, title: 'Name the\nmonths', criteria: ['Names are translated'] };
  const conflict = {
    target: 'main',
    files: ['src/grid.js'],
    hunks: '<<<<<<< main\na\n=======\nb\n>>>>>>> yours\n',
  };

  it('names both sides with what is asked of each, and shows how the other changed these files', () => {
    const said = conflictText(own, conflict, [{ bead: other, diff: '+const names' }]);
    for (const part of [
      'conflict in: src/grid.js',
      '“Draw a grid” (gt-00001)',
      '- Weeks begin on Monday',
      'Landed meanwhile: “Name the months” (gt-00002)',
      '- Names are translated',
      '+const names',
      conflict.hunks,
    ])
      assert.ok(said.includes(part), `${part} in ${said}`);
  });

  it('says so where nothing was asked in particular, and nobody knows the other side', () => {
    const said = conflictText({ ...own, criteria: [] }, conflict, []);
    assert.match(said, /Nothing in particular/);
    assert.doesNotMatch(said, /Landed meanwhile/);
  });
});
