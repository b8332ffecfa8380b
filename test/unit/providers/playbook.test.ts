import assert from 'node:assert/strict';
import path from 'node:path';
import { parsePlaybook } from '../../../src/providers/rehearsal/playbook.ts';
import { playbookFor } from '../../../src/providers/rehearsal/playbooks.ts';

const small = { name: 'small', goals: [], tasks: { A: { begin: [{ say: ['one', 'two'] }] } } };

function parse(changes: object): ReturnType<typeof parsePlaybook> {
  return parsePlaybook(JSON.stringify({ ...small, ...changes }));
}

describe('a playbook', () => {
  it('may write long texts as lists of lines', () => {
    const tools = [{ name: 'write', input: { path: 'a', content: ['x', ''], args: ['kept', 'apart'] } }];
    const turn = parse({ tasks: { A: { begin: [{ say: ['one', 'two'], tools }] } } }).tasks['A']?.begin[0];
    assert.equal(turn?.say, 'one\ntwo');
    assert.deepEqual(turn.tools[0]?.input, { path: 'a', content: 'x\n', args: ['kept', 'apart'] });
  });

  it('plays at its own pace unless it says otherwise', () => {
    assert.equal(parse({}).speed, 1);
    assert.equal(parse({ speed: 3 }).speed, 3);
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['an unknown word', { taks: {} }, /taks/],
    ['a script without turns', { tasks: { A: { begin: [] } } }, /tasks\.A\.begin/],
    ['a call without a name', { tasks: { A: { begin: [{ tools: [{ input: {} }] }] } } }, /tools\.0\.name/],
    ['a fault nobody knows', { tasks: { A: { begin: [{ fault: { explode: true } }] } } }, /fault/],
    ['a speed of nothing', { speed: 0 }, /speed/],
    [
      'a plan that nobody can play',
      { goals: [{ goal: 'G', plan: { beads: [planned('B')] } }] },
      /"G" plans "B"/,
    ],
  ];
  for (const [name, changes, place] of wrong) {
    it(`is refused with ${name}, and says where`, () => {
      assert.throws(() => parse(changes), { reason: 'playbook_invalid', message: place });
    });
  }

  it('is refused when it is not JSON', () => {
    assert.throws(() => parsePlaybook('{'), { reason: 'playbook_invalid' });
  });

  it('is one of ours by its name, or any by an absolute path', () => {
    const media = path.resolve('/media');
    assert.equal(playbookFor('sample', media), path.join(media, 'sample.playbook.json'));
    const own = path.resolve('/work with spaces/mine.json');
    assert.equal(playbookFor(own, media), own);
    for (const value of ['', '../sample', 'a/b', 'sample.json']) {
      assert.throws(() => playbookFor(value, media), { reason: 'playbook_unknown' });
    }
  });
});

function planned(title: string): object {
  return {
    key: '1',
    title,
    type: 'test',
    priority: 'low',
    description: '',
    acceptance: [],
    depends_on: [],
    touches: [],
    estimated_tokens: 1,
  };
}
