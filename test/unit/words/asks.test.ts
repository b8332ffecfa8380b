import { deepEqual, equal, match } from 'node:assert/strict';
import type { Ask, AskSubject } from '../../../src/town/ask.ts';
import { polecatId } from '../../../src/town/ids.ts';
import type { Doing } from '../../../src/town/polecat.ts';
import { reason } from '../../../src/town/reason.ts';
import { askWords } from '../../../src/words/asks.ts';
import { doingWords } from '../../../src/words/states.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { askId } from '../../fakes/scene.ts';

const polecat = polecatId('nux', 1);

function words(subject: AskSubject, onScreen = false): { readonly title: string; readonly detail: string } {
  const ask: Ask = {
    id: askId(1),
    bead: null,
    subject,
    raisedAt: 0,
    deadline: 1,
    answer: null,
    reply: null,
    answeredAt: null,
    onScreen,
  };
  return askWords(ask, { beads: {}, polecats: {}, rig: null, asks: {} }, plainEnglish);
}

describe('What waits for a person, in words,', () => {
  it('says a question on one line, and in full below', () => {
    const { title, detail } = words({ kind: 'question', polecat, token: 1, question: 'UTC\nor local?' });
    equal(title, 'nux-1 asks: UTC or local?');
    match(detail, /UTC\nor local\?$/);
  });

  it('says why somebody has to look at a terminal', () => {
    const titles = (
      ['agent_needs_login', 'agent_shows_dialog', 'agent_silent', 'agent_limited'] as const
    ).map((code) => words({ kind: 'attention', polecat, token: 1, reason: reason(code) }).title);
    deepEqual(titles, [
      'nux-1 needs you to log in',
      'nux-1 shows a dialog',
      'nux-1 is silent',
      'nux-1 is at its limit',
    ]);
  });

  it('names another reason to look by its own sentence', () => {
    const { title, detail } = words({ kind: 'attention', polecat, token: 1, reason: reason('agent_died') });
    equal(title, 'nux-1 needs you at its terminal');
    match(detail, /\n\S/);
  });

  it('shows checks with all they come with, in lines that no argument can forge', () => {
    const { detail } = words({
      kind: 'checks',
      hash: 'h',
      definitions: [
        { name: 'lint', command: 'npm', args: ['run', 'lint\n  with A=1'], timeoutMs: 1 },
        {
          ...{ name: 'test', command: 'npm', args: ['test'], timeoutMs: 1 },
          env: { NODE_OPTIONS: '--require ./x "y"', LANG: 'C', HID: 'a\u202eb' },
          only: ['src/**', 'a\n.ts'],
        },
      ],
    });
    deepEqual(detail.split('\n').slice(1), [
      'lint: npm run lint\\n  with A=1',
      'test: npm test',
      String.raw`  with NODE_OPTIONS="--require ./x \"y\"" LANG=C HID="a\u{202e}b"`,
      '  only when one of these changes: src/**, a\\n.ts',
    ]);
  });

  it('says where a request can still be answered once the vendor asks on its own screen', () => {
    const subject: AskSubject = { kind: 'permission', polecat, token: 1, tool: 'run', detail: 'make' };
    equal(words(subject).detail.includes('terminal'), false);
    match(words(subject, true).detail, /answer it in its terminal/);
  });
});

describe('What an agent does, in a word,', () => {
  const clock = (): string => '14:05';
  const said = (doing: Partial<Doing>): string =>
    doingWords({ kind: 'limited', until: null, detail: null, ...doing }, clock, plainEnglish);

  it('is limited until an instant, or until nobody knows when', () => {
    equal(said({ until: 1 }), 'limited until 14:05');
    equal(said({}), 'limited');
  });

  it('keeps an instant that belongs to nothing else to itself', () => {
    equal(said({ kind: 'working', until: 1 }), 'working');
  });
});
