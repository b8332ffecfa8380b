import assert from 'node:assert/strict';
import { HookError } from '../../../../src/ports/agents.ts';
import type { HookAnswer, HookMeaning, Sighting } from '../../../../src/ports/agents.ts';
import { doingAfter } from '../../../../src/providers/claude/agent/failure.ts';
import { readHook } from '../../../../src/providers/claude/agent/hook.ts';
import { said } from './said.ts';

type Event = keyof typeof said;

const told = (event: Event, more: object = {}): HookMeaning =>
  readHook(event, JSON.stringify({ ...said[event], ...more }));

const doings = ({ sightings }: HookMeaning): readonly Sighting[] =>
  sightings.filter(({ kind }) => kind === 'doing');

function printed(meaning: HookMeaning, answer: HookAnswer): unknown {
  const text = meaning.print(answer);
  return text === '' ? null : JSON.parse(text);
}

const everyAnswer: readonly HookAnswer[] = [
  { kind: 'nothing' },
  { kind: 'allow' },
  { kind: 'deny', message: 'No' },
  { kind: 'undecided' },
  { kind: 'goOn', message: 'Go on' },
  { kind: 'tell', message: 'Hear this' },
];

describe("a hook of Claude Code's", () => {
  it('tells at its start by which id it goes on later', () => {
    const { sightings, question } = told('SessionStart');
    assert.deepEqual(sightings, [{ kind: 'conversation', id: said.SessionStart.session_id }]);
    assert.equal(question, null);
  });

  it('tells what it heard, and may be told something for its model', () => {
    const meaning = told('UserPromptSubmit');
    assert.deepEqual(meaning.sightings, [
      { kind: 'heard', text: 'Do "it"\nnow' },
      { kind: 'doing', doing: { kind: 'working', until: null, detail: null } },
    ]);
    assert.deepEqual(printed(meaning, { kind: 'tell', message: 'Hear this' }), {
      hookSpecificOutput: { hookEventName: 'UserPromptSubmit', additionalContext: 'Hear this' },
    });
  });

  it('after its tools tells which calls are decided, and may carry words to the model', () => {
    const meaning = told('PostToolBatch');
    assert.deepEqual(meaning.sightings, [
      { kind: 'settled', tool: 'run', detail: 'echo "hi there" > b.txt' },
      { kind: 'settled', tool: 'Read', detail: '/home/p/words.rigs/nux/a.txt' },
      { kind: 'doing', doing: { kind: 'working', until: null, detail: null } },
    ]);
    assert.deepEqual(printed(meaning, { kind: 'tell', message: 'Hear this' }), {
      hookSpecificOutput: { hookEventName: 'PostToolBatch', additionalContext: 'Hear this' },
    });
  });

  it('of a subagent neither takes words for its agent nor says that the agent itself goes on', () => {
    const meaning = told('PostToolBatch', { agent_id: 'a2c4b1ee51e80f156' });
    assert.equal(meaning.question, null);
    assert.deepEqual(doings(meaning), []);
  });

  describe('that asks for leave', () => {
    it('says the exact command line, and its dialog stands beside it', () => {
      assert.deepEqual(told('PermissionRequest').question, {
        kind: 'permission',
        tool: 'run',
        detail: 'echo "hi there" > b.txt',
        hidesDialogMs: null,
      });
    });

    it('says every field of a call, however it is named', () => {
      const asked = (tool_input: object): unknown => {
        const { question } = told('PermissionRequest', { tool_name: 'mcp__db__drop', tool_input });
        return question?.kind === 'permission' ? question.detail : null;
      };
      assert.notEqual(asked({ id: 1, constructor: 'all' }), asked({ id: 1 }));
    });

    it('is told yes, told no with why, or left to its own screen', () => {
      const meaning = told('PermissionRequest');
      assert.deepEqual(printed(meaning, { kind: 'allow' }), {
        hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } },
      });
      assert.deepEqual(printed(meaning, { kind: 'deny', message: 'No' }), {
        hookSpecificOutput: {
          hookEventName: 'PermissionRequest',
          decision: { behavior: 'deny', message: 'No' },
        },
      });
      assert.equal(printed(meaning, { kind: 'undecided' }), null);
    });
  });

  describe('at the end of a turn', () => {
    it('may be told to go on, and prints no other answer', () => {
      const meaning = told('Stop');
      assert.deepEqual(meaning.question, { kind: 'turnEnd' });
      assert.deepEqual(printed(meaning, { kind: 'goOn', message: 'Go on' }), {
        decision: 'block',
        reason: 'Go on',
      });
      for (const answer of everyAnswer.filter(({ kind }) => kind !== 'goOn'))
        assert.equal(printed(meaning, answer), null);
    });

    it('is no end while a subagent works, whose end wakes it', () => {
      const meaning = told('Stop', { background_tasks: [{ id: 'a', type: 'subagent', status: 'running' }] });
      assert.deepEqual([meaning.sightings, meaning.question], [[{ kind: 'alive' }], null]);
    });

    it('is an end although a command runs on in the background, which may be a server', () => {
      const meaning = told('Stop', { background_tasks: [{ id: 'b', type: 'shell', command: 'npm start' }] });
      assert.deepEqual(meaning.question, { kind: 'turnEnd' });
    });
  });

  describe('after a failed call', () => {
    it('says that a person must log in, in the words on its screen', () => {
      assert.deepEqual(doings(told('StopFailure')), [
        {
          kind: 'doing',
          doing: {
            kind: 'login',
            until: null,
            detail: 'Please run /login · API Error: 401 Scripted 401',
          },
        },
      ]);
    });

    it('leaves it to the transcript, which knows until when, to say that it is limited', () => {
      for (const error of ['rate_limit', 'overloaded', 'server_error']) {
        const [found] = doings(told('StopFailure', { error, last_assistant_message: null }));
        assert.deepEqual(found, { kind: 'doing', doing: { kind: 'idle', until: null, detail: error } });
      }
    });

    it('of a sort that is not known waits at its prompt to be told to go on, and not for a reset that never comes', () => {
      const error = 'unknown';
      assert.deepEqual(doings(told('StopFailure', { error, last_assistant_message: 'No connection' })), [
        { kind: 'doing', doing: { kind: 'idle', until: null, detail: 'No connection' } },
      ]);
      const failed = doingAfter({ error, at: 1, resetsAt: null, said: 'No connection' });
      assert.deepEqual(failed, { kind: 'idle', until: null, detail: 'No connection' });
    });

    it('of any other sort needs a person at its terminal', () => {
      for (const error of ['billing_error', 'model_not_found', 'new_sort', 'constructor']) {
        const [found] = doings(told('StopFailure', { error }));
        assert.equal(found?.kind === 'doing' && found.doing.kind, 'dialog');
      }
    });
  });

  it('notifies of dialogs, of pending permissions and of its prompt; anything else is a sign of life', () => {
    const kinds = ['agent_needs_input', 'permission_prompt', 'idle_prompt', 'auth_success', 'toString'].map(
      (notification_type) => {
        const [one] = told('Notification', { notification_type }).sightings;
        return one?.kind === 'doing' ? one.doing.kind : one?.kind;
      },
    );
    assert.deepEqual(kinds, ['dialog', 'permission', 'alive', 'idle', 'alive']);
  });

  describe('of its status line', () => {
    it('tells the windows of a subscription, as parts of one and in ms', () => {
      assert.deepEqual(told('statusLine').sightings, [
        told5h(0.42, 1_795_291_751_000),
        toldWeekly(0.115, 1_795_684_551_000),
      ]);
    });

    it('tells none of an account by key, and passes over what is no window', () => {
      assert.deepEqual(told('statusLine', { rate_limits: undefined }).sightings, []);
      const odd = {
        five_hour: { used_percentage: '42' },
        'a b': { used_percentage: 1 },
        seven_day: null,
      };
      assert.deepEqual(told('statusLine', { rate_limits: odd }).sightings, []);
      const over = { seven_day_opus: { used_percentage: 140 } };
      assert.deepEqual(told('statusLine', { rate_limits: over }).sightings, [toldWeekly(1, null, 'opus')]);
    });

    it('prints nothing', () => {
      for (const answer of everyAnswer) assert.equal(told('statusLine').print(answer), '');
    });
  });

  it('that nobody knows is a sign of life', () => {
    for (const event of ['SomethingNew', '__proto__', 'constructor'])
      assert.deepEqual(readHook(event, '{}').sightings, [{ kind: 'alive' }]);
  });

  it('that makes no sense is an error, whatever it is', () => {
    for (const body of ['', 'no json', 'null', '[]', '"text"', '{"session_id":', '42'])
      assert.throws(() => readHook('Stop', body), HookError, body);
    const wrong: readonly (readonly [Event, object])[] = [
      ['SessionStart', { session_id: '--dangerously-skip-permissions' }],
      ['UserPromptSubmit', { prompt: 7 }],
      ['PermissionRequest', { tool_input: 'rm -rf /' }],
      ['PermissionRequest', { tool_name: '' }],
      ['StopFailure', { error: null }],
      ['Notification', { notification_type: [] }],
    ];
    for (const [event, more] of wrong) assert.throws(() => told(event, more), HookError, event);
  });
});

function told5h(used: number, resetsAt: number): object {
  return reading('5h', null, used, resetsAt);
}

function toldWeekly(used: number, resetsAt: number | null, model: string | null = null): object {
  return reading('weekly', model, used, resetsAt);
}

function reading(gauge: string, model: string | null, used: number, resetsAt: number | null): object {
  return {
    kind: 'reading',
    reading: { gauge, model, used, capacity: null, resetsAt, source: 'statusLine' },
  };
}
