import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { settingKeys } from '../../../src/config/settingKeys.ts';
import { type SettingProblem, readSetting, settingDefault } from '../../../src/config/settings.ts';

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

  it('for checks takes variables and the files they are for', () => {
    const named = { name: 'test', command: 'npm' };
    const more = { env: { CI: '', FOO_2: ' a b ' }, only: ['src/**', ' *.json '] };
    const plain = { ...named, args: [], timeoutMs: 600_000 };
    deepEqual(read('rigs.checks', [{ ...named, ...more }]), [
      [{ ...plain, env: more.env, only: ['src/**', '*.json'] }],
      [],
    ]);
    deepEqual(read('rigs.checks', [{ ...named, env: {} }]), [[plain], []]);
  });

  const checkWith = (more: object): unknown => [{ name: 'a', command: 'x', ...more }];
  for (const [what, value] of [
    ['a variable that is no identifier', checkWith({ env: { 'A-B': 'x' } })],
    ['a variable no copy would keep', checkWith({ env: JSON.parse('{ "__proto__": "x" }') as unknown })],
    ['a variable that is no text', checkWith({ env: { A: 1 } })],
    ['a variable no program could be given', checkWith({ env: { A: 'x\0y' } })],
    ['a list of variables', checkWith({ env: ['A=1'] })],
    ['one glob outside a list', checkWith({ only: 'src/**' })],
    ['no glob at all', checkWith({ only: [] })],
    ['an empty glob', checkWith({ only: [' '] })],
    ['a glob that leads out of the repository', checkWith({ only: ['../x/**'] })],
    ['a glob from the root of the disk', checkWith({ only: ['/src/**'] })],
    ['a glob that takes out', checkWith({ only: ['!docs/**'] })],
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

  it('for affinity takes numbers from 0 to 1 by bead type and provider', () => {
    const good = { test: { codex: 1, claude: 0.7 }, review: {} };
    deepEqual(read('rigs.routing.affinity', good), [good, []]);
    for (const wrong of [
      { cooking: { claude: 1 } },
      { test: { claude: 1.1 } },
      { test: { claude: NaN } },
      { test: { claude: -0.1 } },
      { test: { claude: '1' } },
      { test: { ['__proto__ ']: 1 } },
      [],
    ])
      equal(read('rigs.routing.affinity', wrong)[1].length, 1, JSON.stringify(wrong));
  });

  it('for thresholds takes what remains, yellow not below red', () => {
    const good = { claude: { yellow: 0.5, red: 0.5 }, ollama: { yellow: 0, red: 0 } };
    deepEqual(read('rigs.tanks.thresholds', good), [good, []]);
    for (const one of [
      { yellow: 0.1, red: 0.2 },
      { yellow: 0.5 },
      { yellow: 50, red: 20 },
      { yellow: NaN, red: 0 },
      { yellow: 1, red: -1 },
      { yellow: 0.5, red: 0.2, green: 1 },
    ])
      equal(read('rigs.tanks.thresholds', { claude: one })[1].length, 1, JSON.stringify(one));
  });

  it('for budgets takes tokens and money that a person can have, and nothing else', () => {
    const good = { day: { usd: 20 }, bead: { tokens: 1e6, usd: 0 }, provider: { openai: { usd: 5 } } };
    deepEqual(read('rigs.budgets', good)[1], []);
    for (const wrong of [
      { day: 20 },
      { day: { usd: -1 } },
      { day: { usd: Infinity } },
      { day: { tokens: 1e300 } },
      { day: { eur: 1 } },
      { week: { usd: 1 } },
      { provider: { usd: 5 } },
    ])
      equal(read('rigs.budgets', wrong)[1].length, 1, JSON.stringify(wrong));
  });

  it('for a share or a weight takes no NaN, nothing below 0 and nothing huge', () => {
    for (const key of ['rigs.savings.controlShare', 'rigs.routing.priceWeight'] as const)
      for (const wrong of [NaN, -0.1, 1.1, Infinity, 1e308, '0.1'])
        equal(read(key, wrong)[1].length, 1, `${key} ${String(wrong)}`);
  });

  it('for an address takes http and https without a password', () => {
    deepEqual(read('rigs.providers.ollama.baseUrl', ' http://127.0.0.1:11434 '), [
      'http://127.0.0.1:11434',
      [],
    ]);
    for (const wrong of [
      'localhost',
      'file:///etc/passwd',
      'https://me:secret@h/',
      'javascript:x',
      'http://',
    ])
      equal(read('rigs.providers.openai.baseUrl', wrong)[1].length, 1, wrong);
  });

  it('for the name of a key’s variable takes no key', () => {
    deepEqual(read('rigs.providers.openai.apiKeyEnv', 'MY_KEY'), ['MY_KEY', []]);
    for (const wrong of ['sk-abc123', 'AIzaSyXyz', '', 'A B'])
      equal(read('rigs.providers.openai.apiKeyEnv', wrong)[0], 'OPENAI_API_KEY', wrong);
  });

  it('for endpoints takes different names that no other provider has', () => {
    const one = { name: 'Groq', baseUrl: 'https://h/v1', model: 'm' };
    deepEqual(read('rigs.providers.compatible', [one]), [[{ ...one, enabled: true, apiKeyEnv: null }], []]);
    for (const wrong of [
      [one, one],
      [{ ...one, name: 'claude' }],
      [{ ...one, model: '' }],
      one,
      [{ ...one, apiKeyEnv: 'sk-1' }],
    ])
      equal(read('rigs.providers.compatible', wrong)[1].length, 1, JSON.stringify(wrong));
  });
});
