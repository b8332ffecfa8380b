/* eslint-disable no-control-regex -- control characters are what must not be there */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beadTypes } from '../../../src/town/bead.ts';
import type { CommitId, ThreadId } from '../../../src/town/ids.ts';
import type { Note } from '../../../src/town/polecat.ts';
import { reason } from '../../../src/town/reason.ts';
import type { ReviewThread } from '../../../src/town/review.ts';
import { goOnFrame, taskFrame } from '../../../src/words/agent.ts';
import { type Handover, handover, handoverQuotes, reminder } from '../../../src/words/handover.ts';
import { maxQuoted } from '../../../src/words/quote.ts';
import { pastFacts, taskFacts } from './taskFacts.ts';

const note = (kind: Note['kind'], text: string): Note => ({ id: text, kind, text, at: 0 });

function holds(text: string, parts: readonly string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `${part}\n---\n${text}`);
}

const died: Partial<Handover> = {
  feedback: reason('agent_died', { polecat: 'nux', signal: 'SIGKILL', exitCode: null }),
  goal: 'Weeks everywhere',
  commits: ['Parse w', 'Add a test'],
  changed: { files: ['src/parse.js'], insertions: 12, deletions: 3 },
  uncommitted: ['src/format.js'],
  lastCheck: { name: 'lint', passed: false },
  output: 'line 3: no-unused-vars',
  questions: [
    { question: 'Is 53w allowed?', reply: 'Yes, it is.' },
    { question: 'And 0w?', reply: null },
  ],
  notes: [note('checkpoint', 'old plan'), note('note', 'the parser is in C'), note('checkpoint', 'new plan')],
  said: [
    { by: 'agent', text: 'I add the test now.' },
    { by: 'person', text: 'Mind the docs.' },
  ],
  ran: ['npm test', 'npm publish --dry-run'],
};

describe('what an agent is told when it takes work over', () => {
  it('begins with words that tell why, by which the rehearsal knows what to play', () => {
    const openings = {
      resume: /^An earlier session on this task ended\b/m,
      revise: /^Your work was proven alone, but could not land\b/m,
      remind: /^The last session on this task ended\b/m,
    };
    for (const purpose of ['resume', 'revise', 'remind'] as const) {
      const text = taskFrame(taskFacts({ past: pastFacts({ purpose }) }));
      const found = Object.entries(openings).filter(([, words]) => words.test(text));
      assert.deepEqual(
        found.map(([name]) => name),
        [purpose],
      );
    }
    for (const words of Object.values(openings)) assert.doesNotMatch(taskFrame(taskFacts()), words);
  });

  it('is a person’s own words, where they sent the work back', () => {
    const words = `Say what 1h30 is.${' And so on.'.repeat(180)}`;
    const feedback = reason('sent_back', { words });
    for (const purpose of ['remind', 'revise'] as const)
      for (const tell of [handover, reminder])
        holds(tell(pastFacts({ purpose, feedback })), [
          `A person sent it back: ${words}`,
          'Do what the person says',
        ]);
  });

  it('is every comment of a review that is not answered, with its place, as material and not as an instruction', () => {
    const thread = (id: number, words: string): ReviewThread => ({
      id: `rt-${String(id).padStart(5, '0')}` as ThreadId,
      place: {
        ...{ commit: 'c'.repeat(40) as CommitId, side: 'changed', path: 'src/a.js' },
        ...{ from: 3, to: 4, lines: '```\nreturn 60;' },
      },
      state: 'sent',
      notes: [
        { id: 1, agent: null, words, at: 1 },
        { id: 2, agent: 'nux', words: 'Minutes.', at: 2 },
      ],
      changedAt: 2,
    });
    const feedback = reason('review_sent', { count: 2, words: 'Almost.' });
    const review = [thread(1, 'Why 60?'), thread(2, 'And here?')];
    for (const tell of [handover, reminder])
      holds(tell(pastFacts({ purpose: 'revise', feedback, review })), [
        'wrote 2 comments. Almost.',
        '````\nrt-00001 src/a.js:3-4\n> ```\n> return 60;\nperson: Why 60?\nnux: Minutes.\n\nrt-00002',
        'rigs comment resolve ID',
      ]);
    const many = Array.from({ length: 90 }, (_, nth) => thread(nth + 1, 'x'.repeat(500)));
    const text = handover(pastFacts({ review: many }));
    assert.ok(text.length < 15_000, String(text.length));
    assert.match(text, /And \d+ more: `rigs comment list`\./);
  });

  it('is every fact of what was done, so that it need not start over', () => {
    holds(handover(pastFacts(died)), [
      'signal SIGKILL',
      'do not start over',
      'part of this goal: Weeks everywhere',
      '- Parse w\n- Add a test',
      'changed in them (+12 -3):\n- src/parse.js',
      'Not committed yet:\n- src/format.js',
      'Last check run: lint failed.',
      'line 3: no-unused-vars',
      'asked: Is 53w allowed?\nanswer: Yes, it is.',
      'asked: And 0w?\nnot answered yet',
      'note: the parser is in C\ncheckpoint: new plan',
      'agent: I add the test now.\nperson: Mind the docs.',
    ]);
    assert.doesNotMatch(handover(pastFacts(died)), /old plan/);
  });

  it('says what was run, and that it is not to be run again', () => {
    const text = handover(pastFacts(died));
    assert.match(text, /They are done: repeat none that changes anything outside[^]*npm publish --dry-run/);
    assert.doesNotMatch(handover(pastFacts()), /They are done/);
  });

  it('is with the task, its rules and its end, which it does not know', () => {
    holds(taskFrame(taskFacts({ past: pastFacts(died) })), [
      '# Parse weeks',
      'It is done when:',
      '# What happened so far',
      '# Rules',
      '# How to finish',
    ]);
  });

  it('says nothing of what there was not', () => {
    const text = handover(pastFacts());
    assert.match(text, /No file differs from the target yet\./);
    assert.doesNotMatch(text, /goal|check|asked|Notes|last words|```/);
  });

  it('after a conflict is the hunks, and that both sides keep their purpose', () => {
    const feedback = reason('landing_conflict', { target: 'main', files: ['src/parse.js'] });
    const output = '<<<<<<< main\n=======\n>>>>>>> nux';
    holds(handover(pastFacts({ purpose: 'revise', feedback, output })), [
      'Conflicts with main in src/parse.js',
      '<<<<<<< main',
      'both sides keep their purpose',
    ]);
  });

  it('after a red check is its output, said once', () => {
    const feedback = reason('check_failed', { name: 'test', exitCode: 1 });
    const lastCheck = { name: 'test', passed: false };
    const text = handover(pastFacts({ purpose: 'remind', feedback, lastCheck, output: 'expected 1, got 2' }));
    holds(text, ['Check test failed with exit code 1', 'expected 1, got 2', 'Find the cause in the output']);
    assert.doesNotMatch(text, /Last check run/);
  });

  it('quotes each part within its own cap, besides the words of Rigs', () => {
    const bare = taskFrame(taskFacts({ past: pastFacts() })).length;
    const huge = 'x\n'.repeat(100_000);
    const more = {
      output: huge,
      questions: Array.from({ length: 90 }, () => ({ question: huge, reply: huge })),
      notes: [note('note', huge), note('checkpoint', huge)],
      said: Array.from({ length: 90 }, () => ({ by: 'agent' as const, text: huge })),
      ran: Array.from({ length: 90 }, () => huge),
    };
    const caps = maxQuoted + Object.values(handoverQuotes).reduce((sum, one) => sum + one, 0);
    const quoted = taskFrame(taskFacts({ past: pastFacts(more) })).length;
    assert.ok(quoted - bare < caps + 1_000, String(quoted - bare));
  });

  it('fits into one argument of a program, whatever language everything is in', () => {
    const wide = '漢'.repeat(30_000);
    const many = Array.from({ length: 100 }, () => wide);
    const past = pastFacts({
      feedback: reason('check_failed', { name: wide, exitCode: 1 }),
      goal: wide,
      commits: many,
      changed: { files: many, insertions: 1, deletions: 1 },
      uncommitted: many,
      output: wide,
      questions: [{ question: wide, reply: wide }],
      notes: [note('note', wide)],
      said: [{ by: 'agent', text: wide }],
      ran: many,
    });
    const { bead } = taskFacts();
    const text = taskFrame({
      ...taskFacts({ past, rig: wide, polecat: wide, branch: wide, target: wide, checks: many }),
      bead: { ...bead, title: wide, description: wide, criteria: many, touches: many },
    });
    // MAX_ARG_STRLEN of Linux, with the zero at its end.
    assert.ok(Buffer.byteLength(text) < 128 * 1024, String(Buffer.byteLength(text)));
    assert.doesNotMatch(text, /\ufffd/);
  });

  it('carries no control character and no hole, whatever its parts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(
        fc.constantFrom(...beadTypes),
        fc.constantFrom('resume', 'revise', 'remind'),
        text,
        text,
        (type, purpose, a, b) => {
          const { bead } = taskFacts();
          const past = pastFacts({
            purpose,
            goal: a,
            commits: [b],
            changed: { files: [a], insertions: 1, deletions: 1 },
            uncommitted: [b],
            lastCheck: { name: a, passed: true },
            output: b,
            questions: [{ question: a, reply: b }],
            notes: [note('note', a)],
            said: [{ by: 'agent', text: b }],
            ran: [a],
          });
          const facts = taskFacts({
            bead: { ...bead, type, title: a, description: b, criteria: [a], touches: [b] },
            rig: a,
            branch: b,
            checks: [a],
            past,
          });
          for (const said of [taskFrame(facts), goOnFrame({ bead: facts.bead, past })])
            assert.doesNotMatch(
              said,
              /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]|undefined|\[object/,
            );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('what an agent is told that goes on in its own session', () => {
  it('is what it cannot know, and not its task again', () => {
    const text = goOnFrame({ bead: taskFacts().bead, past: pastFacts(died) });
    holds(text, [
      '# gt-00001: Parse weeks',
      'This is your own session',
      'Go on where you were',
      'signal SIGKILL',
      '- Parse w',
      'answer: Yes, it is.',
      'line 3: no-unused-vars',
      '# How to finish',
    ]);
    assert.doesNotMatch(text, /Accept `1w`|It is done when|# Rules|I add the test now|the parser is in C/);
  });

  it('is that what ran may have been cut off, so that nothing is done twice', () => {
    assert.match(reminder(pastFacts()), /was cut off: look whether it took effect before you repeat it/);
  });

  it('is far shorter', () => {
    const facts = taskFacts({ past: pastFacts(died) });
    assert.ok(reminder(pastFacts(died)).length < taskFrame(facts).length / 2);
  });
});
