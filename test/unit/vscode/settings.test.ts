import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { settingKeys } from '../../../src/vscode/contract.ts';
import { type SettingProblem, readSetting, settingDefault } from '../../../src/vscode/settings.ts';

function read(
  key: (typeof settingKeys)[number],
  value: unknown,
): readonly [unknown, readonly SettingProblem[]] {
  const problems: SettingProblem[] = [];
  return [readSetting(key, value, (one) => problems.push(one)), problems];
}

describe('A setting', () => {
  it('of the wrong type has its default, and the problem names key, value and what is used', () => {
    deepEqual(read('rigs.maxPolecats', 'three'), [
      3,
      [
        {
          key: 'rigs.maxPolecats',
          value: 'three',
          expected: { kind: 'wholeNumber', min: 1, max: 12 },
          used: 3,
        },
      ],
    ]);
  });

  it('that is not set is no problem', () => {
    for (const key of settingKeys) deepEqual(read(key, undefined), [settingDefault(key), []]);
  });

  it('has a default that it takes itself', () => {
    for (const key of settingKeys) deepEqual(read(key, settingDefault(key)), [settingDefault(key), []]);
  });

  it('never has another type than it promises, whatever is written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingKeys), fc.jsonValue(), (key, value) => {
        const [found, problems] = read(key, value);
        equal(problems.length === 0 || found === settingDefault(key), true);
      }),
    );
  });

  it('for checks takes file and arguments, and counts seconds', () => {
    const [checks, problems] = read('rigs.checks', [
      { name: 'test', command: 'npm', args: ['test'] },
      { name: 'lint', command: 'make', timeoutSeconds: 1.5 },
    ]);
    deepEqual(problems, []);
    deepEqual(checks, [
      { name: 'test', command: 'npm', args: ['test'], timeoutMs: 600_000 },
      { name: 'lint', command: 'make', args: [], timeoutMs: 1500 },
    ]);
  });

  for (const [what, value] of [
    ['a line for a shell', ['npm test']],
    ['a check without a command', [{ name: 'test' }]],
    [
      'two checks of one name',
      [
        { name: 'a', command: 'x' },
        { name: 'a', command: 'y' },
      ],
    ],
    ['a time limit below zero', [{ name: 'a', command: 'x', timeoutSeconds: -1 }]],
    ['one check outside a list', { name: 'a', command: 'x' }],
  ] as const) {
    it(`for checks refuses ${what}`, () => {
      equal(read('rigs.checks', value)[1].length, 1);
    });
  }

  it('for tags takes words only, because only words are found', () => {
    equal(read('rigs.sling.tags', ['TODO', 'to do'])[1].length, 1);
    deepEqual(read('rigs.sling.tags', ['XXX']), [['XXX'], []]);
  });

  it('for the folders a worktree shares takes paths inside the repository only', () => {
    const good = { node_modules: 'clone', 'web/.venv/': 'link' };
    deepEqual(read('rigs.worktree.share', good), [{ node_modules: 'clone', 'web/.venv': 'link' }, []]);
    for (const folder of ['../other', '/etc', 'a/../../b', '.git', 'C:/x', 'a\\b', '', '.'])
      equal(read('rigs.worktree.share', { [folder]: 'copy' })[1].length, 1, folder);
    equal(read('rigs.worktree.share', { node_modules: 'move' })[1].length, 1);
  });

  it('for a vendor’s mode names the modes there are, and falls back to asking', () => {
    deepEqual(read('rigs.codex.mode', 'yolo'), [
      'ask',
      [
        {
          key: 'rigs.codex.mode',
          value: 'yolo',
          expected: { kind: 'oneOf', values: ['ask', 'edits', 'bypass'] },
          used: 'ask',
        },
      ],
    ]);
  });

  it('for a vendor’s model takes nothing that its program would read as an option', () => {
    deepEqual(read('rigs.gemini.model', 'gemini-3-pro'), ['gemini-3-pro', []]);
    equal(read('rigs.gemini.model', ' --yolo')[0], '');
    equal(read('rigs.gemini.model', '-y')[1][0]?.expected.kind, 'model');
  });

  it('for a vendor’s arguments leaves every one as it stands', () => {
    deepEqual(read('rigs.gemini.args', ['--note', ' two  words ', '']), [['--note', ' two  words ', ''], []]);
  });

  it('for own agents takes a list', () => {
    equal(read('rigs.agents.custom', { name: 'Mine', command: 'mine' })[1][0]?.expected.kind, 'customAgents');
  });

  it('for the order of agents takes their names', () => {
    deepEqual(read('rigs.agents.order', ['codex', 'My Agent']), [['codex', 'My Agent'], []]);
    equal(read('rigs.agents.order', ['$(x)'])[1].length, 1);
  });
});
