/* eslint-disable no-control-regex -- control characters are what must not be there */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beadTypes } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import { type TaskFacts, doneMessage, taskFrame } from '../../../src/words/agent.ts';
import { maxQuoted } from '../../../src/words/quote.ts';
import { reasonCodes } from './codes.ts';

const facts = (more: Partial<TaskFacts> = {}): TaskFacts => ({
  bead: {
    id: 'gt-00001' as BeadId,
    title: 'Parse weeks',
    description: 'Accept `1w`.',
    type: 'implementation',
    criteria: ['`1w` is 7 days'],
    touches: ['src/parse.js'],
  },
  rig: 'sample',
  polecat: 'nux',
  branch: 'polecat/nux/gt-00001',
  target: 'main',
  checks: ['npm test'],
  purpose: 'begin',
  feedback: null,
  output: null,
  commits: [],
  changedFiles: [],
  ...more,
});

/** A token is taken as four characters. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

describe('what an agent is told at the beginning', () => {
  it('is its task in the bead’s own words, the rules, and how to finish', () => {
    const text = taskFrame(facts());
    for (const part of [
      'nux',
      '# Parse weeks',
      'Accept `1w`.',
      '- `1w` is 7 days',
      'src/parse.js',
      'polecat/nux/gt-00001',
      '- npm test',
      '`done`',
      '`rigs done`',
    ])
      assert.ok(text.includes(part), part);
    assert.doesNotMatch(text, /What happened so far/);
  });

  it('says for research that the statement itself is the result', () => {
    assert.match(
      taskFrame(facts({ bead: { ...facts().bead, type: 'research' } })),
      /Your result is the summary itself/,
    );
    assert.match(taskFrame(facts()), /Without a committed change nothing counts as done/);
  });

  it('stays under 2,000 tokens of Rigs’ own words, whatever is quoted, listed or named', () => {
    const long = (n: number, length: number): readonly string[] =>
      Array.from({ length: n }, (_, i) => `${i} ${'w'.repeat(length)}`);
    for (const purpose of ['begin', 'resume', 'revise', 'remind'] as const) {
      for (const code of reasonCodes) {
        const text = taskFrame(
          facts({
            bead: { ...facts().bead, title: '', description: '', criteria: [], touches: long(500, 500) },
            rig: 'r'.repeat(500),
            polecat: 'p'.repeat(500),
            branch: 'b'.repeat(500),
            target: 't'.repeat(500),
            checks: long(100, 500),
            purpose,
            feedback: reason(code, {
              message: 'm'.repeat(2_000),
              name: 'n'.repeat(2_000),
              files: long(90, 500),
              beads: long(90, 90),
            }),
            commits: long(300, 500),
            changedFiles: long(3_000, 500),
          }),
        );
        assert.ok(tokens(text) <= 2_000, `${purpose} ${code}: ${tokens(text)}`);
      }
    }
    assert.ok(tokens(taskFrame(facts())) < 700, 'a usual one is far smaller');
  });

  it('quotes output within its own cap, besides the words of Rigs', () => {
    const bare = taskFrame(facts({ purpose: 'revise' }));
    const quoted = taskFrame(facts({ purpose: 'revise', output: 'x\n'.repeat(500_000) }));
    assert.ok(quoted.length - bare.length < maxQuoted + 200);
  });
});

describe('what an agent is told when it goes on', () => {
  it('begins with words that tell why, by which the rehearsal knows what to play', () => {
    const openings = {
      resume: /^An earlier session on this task ended\b/m,
      revise: /^Your work was proven alone, but could not land\b/m,
      remind: /^The last session on this task ended\b/m,
    };
    for (const purpose of ['begin', 'resume', 'revise', 'remind'] as const) {
      const found = Object.entries(openings).filter(([, words]) => words.test(taskFrame(facts({ purpose }))));
      assert.deepEqual(
        found.map(([name]) => name),
        purpose === 'begin' ? [] : [purpose],
      );
    }
  });

  it('after a death: to look at what is there instead of starting over', () => {
    const text = taskFrame(
      facts({
        purpose: 'resume',
        feedback: reason('agent_died', { polecat: 'nux', signal: 'SIGKILL', exitCode: null }),
        commits: ['Parse w', 'Add a test'],
        changedFiles: ['src/parse.js'],
      }),
    );
    for (const part of ['signal SIGKILL', 'do not start over', '- Parse w', '- src/parse.js'])
      assert.ok(text.includes(part), part);
  });

  it('after a conflict: the hunks, and that both sides keep their purpose', () => {
    const feedback = reason('landing_conflict', { target: 'main', files: ['src/parse.js'] });
    const text = taskFrame(
      facts({ purpose: 'revise', feedback, output: '<<<<<<< main\n=======\n>>>>>>> nux' }),
    );
    for (const part of [
      'Conflicts with main in src/parse.js',
      '<<<<<<< main',
      'both sides keep their purpose',
    ])
      assert.ok(text.includes(part), part);
  });

  it('after a red check: its output', () => {
    const feedback = reason('check_failed', { name: 'test', exitCode: 1 });
    const text = taskFrame(facts({ purpose: 'remind', feedback, output: 'expected 1, got 2' }));
    for (const part of [
      'Check test failed with exit code 1',
      'expected 1, got 2',
      'Find the cause in the output',
    ])
      assert.ok(text.includes(part), part);
  });

  it('carries no control character and no hole, whatever its parts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(
        fc.constantFrom(...beadTypes),
        fc.constantFrom('begin', 'resume', 'revise', 'remind'),
        text,
        text,
        (type, purpose, a, b) => {
          const bead = { ...facts().bead, type, title: a, description: b, criteria: [a], touches: [b] };
          const said = taskFrame(
            facts({
              bead,
              purpose,
              rig: a,
              branch: b,
              checks: [a],
              commits: [b],
              changedFiles: [a],
              output: b,
            }),
          );
          assert.doesNotMatch(said, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        },
      ),
    );
  });
});

describe('the answer to done', () => {
  it('is yes with what comes next, and that work was committed for it', () => {
    assert.match(
      doneMessage({ kind: 'landing', target: 'main', committedForAgent: true }),
      /merge queue for main\. .*committed for you.*End your turn/,
    );
    assert.match(doneMessage({ kind: 'completed' }), /complete/);
  });

  it('is what is missing and how to mend it, with the output', () => {
    const text = doneMessage({
      kind: 'missing',
      reason: reason('check_failed', { name: 'test', exitCode: 1 }),
      output: 'boom',
      personAsked: false,
    });
    assert.match(text, /^Not accepted: Check test failed with exit code 1\.\n\nFind the cause[^]*boom/);
  });

  it('is to end the turn once a person was asked or the task was taken away', () => {
    const asked = doneMessage({
      kind: 'missing',
      reason: reason('nothing_committed'),
      output: null,
      personAsked: true,
    });
    assert.match(asked, /A person decides now/);
    assert.doesNotMatch(asked, /call done again/);
    assert.match(doneMessage({ kind: 'taken_away' }), /taken from you/);
  });
});
