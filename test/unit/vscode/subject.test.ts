import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { parseSubject } from '../../../src/vscode/subject.ts';
import { beadIdOf } from '../../fakes/events.ts';

describe('What a command is called with', () => {
  it('is taken as a subject, or as a row that has one', () => {
    const subject = { kind: 'bead', rig: '/r/.git', bead: beadIdOf(1) };
    deepEqual(parseSubject(subject), subject);
    deepEqual(parseSubject({ subject, label: 'x' }), subject);
  });

  it('is one of the built-in agent’s models by its provider', () => {
    const subject = { kind: 'runner', rig: '/r/.git', runner: 'worker', provider: 'openai' };
    deepEqual(parseSubject(subject), subject);
    deepEqual(parseSubject({ ...subject, provider: '$(x)' }), {
      ...{ kind: 'runner', rig: '/r/.git', runner: 'worker' },
    });
  });

  it('is also an entry of one’s own agents that is none', () => {
    const subject = { kind: 'runner', rig: '/r/.git', runner: 'Agent 2 of "rigs.agents.custom"' };
    deepEqual(parseSubject(subject), subject);
  });

  for (const [what, value] of [
    ['nothing', undefined],
    ['a text', 'gt-00001'],
    ['a bead without a rig', { kind: 'bead', bead: beadIdOf(1) }],
    ['an id of another kind', { kind: 'request', rig: '/r', request: 'gt-00001' }],
    ['a kind nobody knows', { kind: 'dog', rig: '/r' }],
    ['a commit that is an option of git', { kind: 'change', rig: '/r', from: '--all', to: '-1', path: 'a' }],
  ] as const) {
    it(`is no subject when it is ${what}`, () => {
      equal(parseSubject(value), null);
    });
  }

  it('never makes it throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        parseSubject(value);
      }),
    );
  });
});
