import type { Bead } from '../../town/bead.ts';
import { type ThreadId, parseThreadId } from '../../town/ids.ts';
import { type ReviewThread, threadsOf, toldOf } from '../../town/review.ts';
import { plain } from '../../words/plain.ts';
import { reviewStateWord, threadText } from '../../words/review.ts';
import { plainEnglish } from '../../words/translate.ts';
import { misused } from '../commandError.ts';
import { findBead } from '../find.ts';
import { mustBeOwn, selfOf } from '../own.ts';
import { json } from '../print/json.ts';
import type { Reach } from '../reach.ts';
import { iso } from '../shapes.ts';
import { textOf, within } from '../values.ts';
import type { Asked, Run, Verb } from '../verb.ts';

const list: Run = async (reach, asked) => {
  const bead = await beadMeant(reach, asked);
  const isPerson = asked.speaker === 'person';
  const threads = threadsOf(bead).flatMap((one) => (isPerson ? one : (toldOf(one) ?? [])));
  const shown = asked.given.is('all') ? threads : threads.filter((one) => one.state !== 'resolved');
  if (asked.given.is('json')) return json(shown.map(threadJson));
  if (shown.length === 0)
    return threads.length === 0
      ? `Nobody commented on ${bead.id}.`
      : `Every comment on ${bead.id} is resolved. \`--all\` shows them.`;
  return shown.map((one) => `${reviewStateWord(one.state, plainEnglish)} · ${threadText(one)}`).join('\n\n');
};

/** The agent’s own, or the one a person names. */
async function beadMeant(reach: Reach, asked: Asked): Promise<Bead> {
  const named = asked.given.maybe('bead');
  if (asked.speaker !== 'person') {
    const self = selfOf(reach, asked.speaker);
    mustBeOwn(self, named);
    return self.bead;
  }
  if (named === null) throw misused('Say of which bead: rigs comment list gt-abc12.');
  return findBead(reach, named);
}

function threadJson({ id, state, place, notes }: ReviewThread): object {
  return {
    id,
    state,
    commit: place.commit,
    side: place.side,
    path: place.path,
    from: place.from,
    to: place.to,
    lines: place.lines,
    notes: notes.map(({ agent, words, at, draft }) => ({
      by: agent ?? 'person',
      words,
      draft: draft === true,
      at: iso(at),
    })),
  };
}

const answer =
  (resolve: boolean): Run =>
  async (reach, asked) => {
    const { agent } = selfOf(reach, asked.speaker);
    const thread = threadMeant(asked);
    const words = within('line', 'answer', (textOf(asked, 'words') ?? '').trim());
    if (words === '' && !resolve)
      throw misused(`Say what you answer: rigs comment reply ${thread} "It has to stay, because …"`);
    await reach.worker(agent, asked.id).comment({ thread, words, resolve });
    return resolve ? `${thread} is resolved.` : `${thread} is answered.`;
  };

function threadMeant({ given }: Asked): ThreadId {
  const id = parseThreadId(given.one('comment'));
  if (id === null)
    throw misused(
      `“${plain(given.one('comment'), 40)}” is no comment’s id; one looks like rt-abc12. \`rigs comment list\` lists them.`,
    );
  return id;
}

export const commentVerbs: readonly Verb[] = [
  {
    words: 'comment list',
    args: [{ name: 'bead', need: 'maybe' }],
    flags: [{ name: 'all', about: 'Also the resolved ones.' }],
    about: 'What a person wrote about lines of a bead’s work, and what was answered.',
    who: 'reader',
    json: true,
    run: list,
  },
  {
    words: 'comment reply',
    args: [
      { name: 'comment', need: 'one' },
      { name: 'words', need: 'one' },
    ],
    flags: [],
    about: 'Answer a comment without doing what it asks for. `-` reads stdin.',
    who: 'agent',
    stdin: true,
    run: answer(false),
  },
  {
    words: 'comment resolve',
    args: [
      { name: 'comment', need: 'one' },
      { name: 'words', need: 'maybe' },
    ],
    flags: [],
    about: 'Say that what a comment asks for is done, and how. `-` reads stdin.',
    who: 'agent',
    stdin: true,
    run: answer(true),
  },
];
