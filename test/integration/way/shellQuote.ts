import type { PublishedPackage } from './publishedPackage.ts';

/** Small, used everywhere, and published with its tests. Version 1.7.2 is the last with two faults mended here. */
export const shellQuote: PublishedPackage = {
  name: 'shell-quote',
  version: '1.7.2',
  integrity:
    'sha512-mRz/m/JVscCrkMyPqHc/bczi3OQHkLTqXHEFu0zDhK/qfv3UcOA4SVmRCLmos4bhjr9ekVQubj/R7waKapmiQg==',
  // The oldest it allows brings sixteen packages, later ones more than a hundred.
  testedWith: 'tape@4.0.0',
};

export const goal = 'Quote every word so that a shell reads it back as it was';
export const titles = {
  drive: 'Take only letters for the drive of a Windows path',
  empty: 'Quote empty words so that they are not lost',
} as const;

const bead = { type: 'bug', touches: ['index.js', 'test/quote.js'], estimated_tokens: 6000 };
const look = {
  say: 'I look at how words are quoted, and at what the tests hold.',
  pauseMs: 200,
  tools: [
    { name: 'read', input: { path: 'index.js', lines: 20 } },
    { name: 'read', input: { path: 'test/quote.js' } },
  ],
};
const edit = (path: string, find: string | string[], replace: string | string[]) => ({
  name: 'edit',
  input: { path, find, replace },
});
const done = (say: string, summary: string) => ({
  say,
  pauseMs: 100,
  tools: [{ name: 'done', input: { summary } }],
});

const drive = [
  look,
  {
    say: 'Between Z and a stand six marks that are no letters, the backtick among them: after it a colon hides it from quoting, and a shell would run what follows.',
    pauseMs: 300,
    tools: [
      edit('index.js', 'String(s).replace(/([A-z]:)?(', 'String(s).replace(/([A-Za-z]:)?('),
      edit('test/quote.js', "test('quote ops', function (t) {", [
        "test('quote marks that are no drive letters', function (t) {",
        "    t.equal(quote([ '`:`id``:`' ]), '\\\\`\\\\:\\\\`id\\\\`\\\\`\\\\:\\\\`');",
        "    '[\\\\]^_`'.split('').forEach(function (mark) {",
        "        t.deepEqual(parse(quote([ mark + ':`' ])), [ mark + ':`' ]);",
        '    });',
        '    t.end();',
        '});',
        '',
        "test('quote ops', function (t) {",
      ]),
      edit('test/quote.js', "var quote = require('../').quote;", [
        "var quote = require('../').quote;",
        "var parse = require('../').parse;",
      ]),
    ],
  },
  done(
    'Only letters are drives now.',
    'The drive of a path is a letter; a backtick before a colon is quoted.',
  ),
];

const empty = [
  look,
  {
    say: 'An empty word leaves only a space behind, and whoever reads the line gets one argument less. It needs quotes of its own.',
    pauseMs: 300,
    tools: [
      edit(
        'index.js',
        ['        else if (/["\\s]/.test(s) && !/\'/.test(s)) {'],
        [
          '        else if (!s) {',
          '            return "\'\'";',
          '        }',
          '        else if (/["\\s]/.test(s) && !/\'/.test(s)) {',
        ],
      ),
      edit('test/quote.js', "test('quote ops', function (t) {", [
        "test('quote empty words', function (t) {",
        "    t.equal(quote([ '' ]), \"''\");",
        "    t.equal(quote([ 'a', '', 'b' ]), \"a '' b\");",
        "    t.deepEqual(parse(quote([ '', 'a', '' ])), [ '', 'a', '' ]);",
        '    t.end();',
        '});',
        '',
        "test('quote ops', function (t) {",
      ]),
    ],
  },
  done('Empty words are quoted.', 'An empty word becomes a pair of quotes.'),
  {
    say: 'The tests of this library know better: false, null and undefined are words too, and I made them empty. Only the empty string is.',
    pauseMs: 200,
    tools: [edit('index.js', 'else if (!s) {', "else if (s === '') {")],
  },
  done('Only the empty string is empty now.', 'An empty string becomes a pair of quotes; nothing else does.'),
];

/** Two beads on neighbouring lines; the second is wrong at first, which only the package's own old tests can tell. */
export const playbook = {
  name: 'shell-quote',
  goals: [
    {
      goal,
      pauseMs: 100,
      plan: {
        beads: [
          {
            ...bead,
            key: '1',
            title: titles.drive,
            priority: 'high',
            description: 'quote() spares a letter and colon before a mark, and takes A-z for the letters.',
            acceptance: ['A backtick before a colon is quoted'],
            depends_on: [],
          },
          {
            ...bead,
            key: '2',
            title: titles.empty,
            priority: 'normal',
            description: 'quote() of an empty string is nothing, so parse() finds a word less.',
            acceptance: ['parse() of quote() keeps empty words'],
            depends_on: ['1'],
          },
        ],
      },
    },
  ],
  tasks: { [titles.drive]: { begin: drive }, [titles.empty]: { begin: empty } },
};
