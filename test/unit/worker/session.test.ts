import assert from 'node:assert/strict';
import { ModelError } from '../../../src/ports/models.ts';
import type { Message, ModelAnswer, ModelErrorReason } from '../../../src/ports/models.ts';
import type { Usage } from '../../../src/town/bead.ts';
import { maxSteps, runSession } from '../../../src/worker/session.ts';
import type { SessionParts } from '../../../src/worker/session.ts';
import type { Happening } from '../../../src/worker/transcript.ts';

const usage: Usage = { input: 10, cachedInput: 5, output: 2 };
const says = (text: string): ModelAnswer => ({
  content: text === '' ? [] : [{ type: 'text', text }],
  stop: 'end_turn',
  usage,
});
const calls = (name: string, id = 'c1'): ModelAnswer => ({
  content: [{ type: 'tool_use', id, name, input: {} }],
  stop: 'tool_use',
  usage,
});

interface Played {
  readonly asked: (readonly Message[])[];
  readonly reported: Usage[];
  readonly shown: Happening[];
  readonly used: string[];
}

function session(answers: readonly (ModelAnswer | Error)[], own: Partial<SessionParts> = {}) {
  const played: Played = { asked: [], reported: [], shown: [], used: [] };
  const parts: SessionParts = {
    frame: 'Add a parser.',
    model: 'm',
    models: {
      complete: ({ messages }) => {
        played.asked.push(messages);
        const answer = answers[played.asked.length - 1] ?? says('');
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    use: ({ name }) => {
      played.used.push(name);
      return Promise.resolve({ text: `${name} said`, isError: false, over: name === 'done' });
    },
    typed: () => [],
    report: (total) => {
      played.reported.push(total);
      return Promise.resolve();
    },
    show: (happening) => played.shown.push(happening),
    onText: () => undefined,
    signal: new AbortController().signal,
    ...own,
  };
  return { end: runSession(parts), played };
}

const lastOf = (messages: readonly Message[] | undefined) => messages?.at(-1);

describe('a session', () => {
  it('goes model, tool, model, until done is accepted', async () => {
    const { end, played } = session([calls('read'), calls('done')]);
    assert.deepEqual(await end, { text: 'Ends its turn.', exitCode: 0 });
    assert.deepEqual(played.used, ['read', 'done']);
    assert.deepEqual(lastOf(played.asked[1]), {
      role: 'user',
      content: [{ type: 'tool_result', toolUseId: 'c1', text: 'read said', isError: false }],
    });
  });

  it('uses no tool after the one that ended it', async () => {
    const [done] = calls('done').content;
    const [write] = calls('write', 'c2').content;
    assert.ok(done !== undefined && write !== undefined);
    const { end, played } = session([{ ...calls('done'), content: [done, write] }]);
    await end;
    assert.deepEqual(played.used, ['done']);
  });

  it('reports the tokens of the whole session after every answer', async () => {
    const { end, played } = session([calls('read'), calls('done')]);
    await end;
    assert.deepEqual(played.reported, [usage, { input: 20, cachedInput: 10, output: 4 }]);
  });

  it('asks a model that just stops to go on, once', async () => {
    const { end, played } = session([says('I am finished.'), says('Really.')]);
    assert.equal((await end).exitCode, 0);
    assert.equal(played.asked.length, 2);
    assert.match(JSON.stringify(lastOf(played.asked[1])), /call \\"done\\"/);
  });

  it('does the same with a model that says nothing at all, and never sends an empty answer back', async () => {
    const { end, played } = session([says(''), says('')]);
    await end;
    assert.deepEqual(
      played.asked[1]?.map(({ role }) => role),
      ['user'],
    );
  });

  it('tells the model what a person typed, after the results', async () => {
    const typed = [[], ['use tabs', 'please'], []];
    const { end, played } = session([calls('read'), calls('read'), calls('done')], {
      typed: () => typed.shift() ?? [],
    });
    await end;
    const content = lastOf(played.asked[2])?.content.map((block) =>
      block.type === 'text' ? block.text : block.type,
    );
    assert.deepEqual(content, [
      'tool_result',
      'The person who watches typed: use tabs',
      'The person who watches typed: please',
    ]);
  });

  it('goes on with what a person typed when the model would have ended', async () => {
    const typed = [['wait, one more thing']];
    const { end, played } = session([says('Bye.'), calls('done')], { typed: () => typed.shift() ?? [] });
    assert.equal((await end).text, 'Ends its turn.');
    assert.match(JSON.stringify(lastOf(played.asked[1])), /one more thing/);
  });

  it('tells a model whose answer was cut to go on', async () => {
    const { end, played } = session([{ ...says('long'), stop: 'max_tokens' }, calls('done')]);
    await end;
    assert.match(JSON.stringify(lastOf(played.asked[1])), /cut off/);
  });

  it('stops a model that never ends, with words', async () => {
    const endless = Array.from({ length: maxSteps + 5 }, () => calls('read'));
    const { end, played } = session(endless);
    assert.deepEqual([(await end).exitCode, played.asked.length], [0, maxSteps]);
    assert.match((await end).text, /100 steps/);
  });

  const exits: Readonly<Record<ModelErrorReason, number>> = {
    limit: 75,
    overloaded: 75,
    connection: 75,
    cancelled: 75,
    auth: 77,
    credit: 77,
    refused: 65,
    protocol: 65,
  };
  for (const [reason, exitCode] of Object.entries(exits) as [ModelErrorReason, number][])
    it(`ends with ${String(exitCode)} and words when the model's failure is ${reason}`, async () => {
      const { end } = session([new ModelError(reason, 'The vendor said no.')]);
      const { text, exitCode: found } = await end;
      assert.equal(found, exitCode);
      assert.match(text, /The vendor said no\..*The work is kept/);
    });

  it('says when a limit ends', async () => {
    const { end } = session([new ModelError('limit', 'Limit.', Date.UTC(2030, 0, 2))]);
    assert.match((await end).text, /2030-01-02T00:00:00/);
  });

  it('ends with what stopped it, not with what the model said about that', async () => {
    const stop = new AbortController();
    const cancelled = () => {
      stop.abort(new Error('Ctrl+C'));
      return Promise.reject(new ModelError('cancelled', 'x'));
    };
    const { end } = session([], { signal: stop.signal, models: { complete: cancelled } });
    await assert.rejects(end, /Ctrl\+C/);
  });
});
