import assert from 'node:assert/strict';
import { reason } from '../../../src/town/reason.ts';
import { doneMessage, taskFrame } from '../../../src/words/agent.ts';
import { taskFacts as facts } from './taskFacts.ts';

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
      '`rigs_done`',
      '`done`',
      '`rigs done --summary',
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
