import assert from 'node:assert/strict';
import { CommandError } from '../../../src/cli/commandError.ts';
import { elsewhereWords } from '../../../src/cli/elsewhere.ts';
import { parse } from '../../../src/cli/parse.ts';
import { fromRgt, rgtSpellings } from '../../../src/cli/rgt.ts';
import { suggest } from '../../../src/cli/suggest.ts';
import { flagsOf } from '../../../src/cli/verb.ts';
import { verbs } from '../../../src/cli/verbs.ts';

const read = (line: string) => parse(verbs, line.split(' '));

function mistake(line: string): string {
  try {
    read(line);
  } catch (error) {
    if (CommandError.is(error, 'usage')) return error.message;
    throw error;
  }
  return assert.fail(`${line} was understood`);
}

describe('A command line', () => {
  it('is a verb, its arguments and its flags in any order', () => {
    const { verb, given } = read('bead create task --priority high -t test --criterion a --criterion b');
    assert.equal(verb.words, 'bead create');
    assert.deepEqual(
      [given.one('task'), given.maybe('priority'), given.maybe('type'), given.all('criterion')],
      ['task', 'high', 'test', ['a', 'b']],
    );
  });

  it('takes a value behind an equals sign, and after two dashes nothing is a flag', () => {
    assert.equal(read('bead create --description=a=b task').given.maybe('description'), 'a=b');
    assert.equal(parse(verbs, ['bead', 'create', '--', '--json']).given.one('task'), '--json');
  });

  it('takes flags before its words', () => {
    assert.ok(read('--json bead list').json);
  });

  it('takes the seeds’ other spellings', () => {
    assert.equal(read('bead create x --task-type debug').given.maybe('type'), 'debug');
    assert.equal(read('bead create x -p p1').given.maybe('priority'), 'high');
    assert.deepEqual(read('bead list --status in-progress').given.all('status'), ['in_progress']);
    assert.ok(read('bead list --format json').json);
    assert.ok(!read('bead list --format text').json);
  });

  it('that is not understood says what was probably meant, and where more is said', () => {
    assert.match(mistake('statsu'), /“statsu”\. Did you mean rigs status\?/);
    assert.match(mistake('bead lst'), /Did you mean rigs bead list\?/);
    assert.match(mistake('bead'), /rigs bead create, rigs bead list/);
    assert.match(mistake('bead list --statsu x'), /Did you mean --status\?.*rigs help bead list/);
    assert.match(mistake('bead list --status opne'), /One of: pending/);
    assert.match(mistake('bead create x --priority hihg'), /Did you mean high\?/);
    assert.match(mistake('bead show'), /wants a bead/);
    assert.match(mistake('status twice'), /“twice”.*quotes/);
    assert.match(mistake('bead list --convoy'), /--convoy wants a convoy/);
    assert.match(mistake('bead list --convoy a --convoy b'), /twice/);
    assert.match(mistake('bead list --ready=yes'), /takes no value/);
    assert.match(mistake('completions tcsh'), /One of: bash, zsh, fish, powershell/);
  });

  it('of a word that comes later says in which form it comes, or what does its job now', () => {
    for (const line of [
      'mail send a b',
      'mq submit',
      'doctor',
      'up',
      'formula run x',
      'worker run',
      'unsling x',
    ])
      assert.match(mistake(line), /later|come|now|`rigs|VS Code/, line);
    assert.match(mistake('foreman start --foreground'), /window/);
    assert.match(mistake('status --config x'), /RIGS_CONFIG/);
  });

  it('cannot hide what a terminal acts on in its mistake', () => {
    assert.ok(!mistake('fly\u001b[2J\u202e').includes('\u001b'));
  });
});

describe('The table of verbs', () => {
  it('has each verb once, and each flag once a verb', () => {
    const words = verbs.map((verb) => verb.words);
    assert.deepEqual(words, [...new Set(words)]);
    for (const verb of verbs) {
      const names = flagsOf(verb).flatMap(({ name, short, aka = [] }) => [
        name,
        ...aka,
        ...(short === undefined ? [] : [`-${short}`]),
      ]);
      assert.deepEqual(names, [...new Set(names)], verb.words);
    }
  });

  it('answers nothing as missing that it has', () => {
    for (const words of elsewhereWords) assert.ok(!verbs.some((verb) => verb.words === words), words);
  });

  it('knows every spelling of the second seed', () => {
    for (const spelling of rgtSpellings) {
      const ours = fromRgt(spelling.split(' ')).join(' ');
      assert.ok(
        verbs.some(({ words }) => words === ours),
        spelling,
      );
    }
  });

  it('lets every verb that only reads print JSON', () => {
    const without = verbs.filter(
      (verb) => verb.who === 'reader' && verb.json !== true && verb.alone !== true,
    );
    assert.deepEqual(
      without.map(({ words }) => words),
      [],
    );
  });
});

describe('The word that was probably meant', () => {
  it('is near, or there is none', () => {
    assert.equal(suggest('convyo', ['convoy', 'bead']), 'convoy');
    assert.equal(suggest('comp', ['completions', 'bead']), 'completions');
    assert.equal(suggest('fly', ['convoy', 'bead']), null);
  });
});
