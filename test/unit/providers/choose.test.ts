import assert from 'node:assert/strict';
import { choose } from '../../../src/providers/rehearsal/choose.ts';
import { parsePlaybook } from '../../../src/providers/rehearsal/playbook.ts';
import type { MessagesRequest } from '../../../src/providers/rehearsal/wire.ts';
import { frame } from '../../integration/providers/performer.ts';

const bead = (title: string) => ({
  key: '1',
  title,
  type: 'test',
  priority: 'low',
  description: '',
  acceptance: [],
  depends_on: [],
  touches: [],
  estimated_tokens: 1,
});
const done = { name: 'done', input: { summary: 's' } };
const book = parsePlaybook(
  JSON.stringify({
    name: 'test',
    goals: [
      { goal: 'Tidy up', plan: { beads: [bead('Sweep')] } },
      { goal: 'Tidy up the cellar', plan: { beads: [bead('Sweep the cellar')] } },
    ],
    tasks: {
      Sweep: {
        begin: [{ say: 'first' }, { say: 'second', tools: [done] }],
        resume: [{ say: 'again' }],
        revise: [{ say: 'mended' }],
      },
      'Sweep the cellar': {
        begin: [
          {
            say: 'down',
            tools: [
              { name: 'read', when: { unseen: 'spider' }, input: { path: 'a' } },
              { name: 'write', when: { seen: ['spider', 'web'] }, input: { path: 'b', content: ['x', 'y'] } },
            ],
          },
        ],
      },
    },
  }),
);

function request(first: string, results: readonly string[] = [], tool = 'done'): MessagesRequest {
  const more = results.flatMap((content) => [
    { role: 'assistant' as const, content: 'ok' },
    { role: 'user' as const, content: [{ type: 'tool_result', text: '', content }] },
  ]);
  const messages = [{ role: 'user' as const, content: first }, ...more];
  return { model: 'm', max_tokens: 1000, stream: true, system: '', messages, tools: [{ name: tool }] };
}

describe('what the rehearsal answers', () => {
  it('is the plan of the goal, however it is spaced and wherever it stands', () => {
    const plan = choose(book, request('Please plan this goal:\n\n  TIDY   up\n', [], 'submit_plan'));
    assert.deepEqual(plan.calls, [{ name: 'submit_plan', input: book.goals[0]?.plan }]);
  });

  it('is the plan of the longer goal when one holds the other', () => {
    const plan = choose(book, request('Tidy up the cellar', [], 'submit_plan'));
    assert.deepEqual(plan.calls[0]?.input, book.goals[1]?.plan);
  });

  it('is the same plan when it is asked again', () => {
    const plan = choose(book, request('Tidy up', ['That plan is wrong.'], 'submit_plan'));
    assert.equal(plan.calls.length, 1);
  });

  it('says for another goal that it only rehearses, what it knows, and what to do instead', () => {
    const { say, calls } = choose(book, request('Conquer the world', [], 'submit_plan'));
    assert.match(say, /rehearsal.*knows only these goals/);
    assert.match(say, /- Tidy up\n- Tidy up the cellar/);
    assert.match(say, /choose an agent/);
    assert.deepEqual(calls, []);
  });

  it('is the turn that the number of answers so far tells, so that a new server goes on', () => {
    assert.equal(choose(book, request(frame('Sweep', 'begin'))).say, 'first');
    assert.equal(choose(book, request(frame('Sweep', 'begin'), ['x'])).say, 'second');
  });

  it('knows from the frame of every kind of session what it was opened for', () => {
    assert.equal(choose(book, request(frame('Sweep', 'resume'))).say, 'again');
    assert.equal(choose(book, request(frame('Sweep', 'revise'))).say, 'mended');
    assert.equal(choose(book, request(frame('Sweep', 'remind'))).say, 'again');
    assert.equal(choose(book, request(frame('Sweep the cellar', 'resume'))).say, 'down');
  });

  it('finds the task by its heading, also when other words stand around the title', () => {
    assert.equal(choose(book, request(frame('TODO: sweep the cellar!', 'begin'))).say, 'down');
  });

  it('makes the calls that fit what tools showed', () => {
    const call = (results: readonly string[]) =>
      choose(book, {
        ...request('# Sweep the cellar'),
        messages: request('# Sweep the cellar', results).messages,
      });
    assert.deepEqual(call([]).calls, [
      { name: 'read', when: { seen: [], unseen: ['spider'] }, input: { path: 'a' } },
    ]);
  });

  it('says for an unknown task, and after the last turn, that the script ends here', () => {
    const unknown = choose(book, request(frame('Paint the house', 'begin')));
    assert.match(unknown.say, /no script for this task/);
    const over = choose(book, request(frame('Sweep', 'begin'), ['x', 'y']));
    assert.match(over.say, /the script for this task ends here/);
    assert.deepEqual([unknown.calls, over.calls], [[], []]);
  });
});
