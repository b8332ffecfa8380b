import type { Bead } from '../../town/bead.ts';
import { doubtOf } from '../../town/decide/doubts.ts';
import { plainLines } from '../../words/plain.ts';
import { optimizedDiff } from '../../words/optimized.ts';
import { plainEnglish } from '../../words/translate.ts';
import { doubtLines } from '../../words/verdict.ts';
import { misused, refused } from '../commandError.ts';
import { findBead } from '../find.ts';
import { json } from '../print/json.ts';
import { bullets, parts, section } from '../print/lines.ts';
import type { Reach } from '../reach.ts';
import { textOf, within } from '../values.ts';
import type { Asked, Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';

/** What its inspector holds against it, for a person who may let it pass; empty where there is nothing to decide. */
export function doubtText({ rig }: Pick<Reach, 'rig'>, bead: Bead): string {
  const doubt = doubtOf(rig.state, bead);
  if (doubt === null) return '';
  const held = [...doubtLines(doubt, plainEnglish), `commit ${doubt.commit}`].join('\n');
  return section('Held back by its inspector alone', held);
}

const accept: Run = async (reach, { given }) => {
  const bead = await findBead(reach, given.one('bead'));
  const doubt = doubtOf(reach.rig.state, bead);
  if (doubt === null)
    throw refused(
      `No inspector alone holds ${bead.id} back. \`rigs bead show ${bead.id}\` says how it stands.`,
    );
  const shown = doubtText(reach, bead);
  await wish(reach, { type: 'acceptWork', bead: bead.id, commit: doubt.commit });
  return parts(shown, `You let it pass. Its checks run once more; then it goes into the merge queue.`);
};

const sendBack: Run = async (reach, asked) => {
  const bead = await findBead(reach, asked.given.one('bead'));
  const words = within('line', 'text', textOf(asked, 'words') ?? '');
  await wish(reach, { type: 'sendBack', bead: bead.id, words });
  return `${bead.id} goes back to its agent with your words.`;
};

const wording: Run = async (reach, asked) => {
  const { given } = asked;
  const [accepts, rejects] = [given.is('accept'), given.is('reject')];
  if (accepts && rejects) throw misused('Words are accepted or rejected, not both.');
  const bead = await findBead(reach, given.one('bead'));
  if (bead.optimized === undefined) throw refused(`${bead.id} stands as it was worded.`);
  if (accepts) await wish(reach, { type: 'acceptOptimized', bead: bead.id });
  if (rejects) await wish(reach, { type: 'rejectOptimized', bead: bead.id });
  return wordingText(await findBead(reach, bead.id), asked);
};

function wordingText(bead: Bead, { given }: Asked): string {
  const diff = optimizedDiff(bead, plainEnglish);
  if (given.is('json')) return json(bead.optimized ?? null);
  if (diff === null) return '';
  return parts(
    diff.state,
    section('As you worded it', plainLines(diff.original)),
    section('For its agent', plainLines(diff.worded)),
    diff.changes.length === 0 ? '' : section('Changed', bullets(diff.changes)),
  );
}

const bead = { name: 'bead', need: 'one' } as const;

export const beadDecisionVerbs: readonly Verb[] = [
  {
    words: 'bead accept',
    args: [bead],
    flags: [],
    about: 'Let work pass that its inspector alone holds back; its checks run once more.',
    who: 'person',
    run: accept,
  },
  {
    words: 'bead send-back',
    args: [bead, { name: 'words', need: 'one' }],
    flags: [],
    about: 'Have its agent mend what you say: work that stands still, or waits to land.',
    who: 'person',
    stdin: true,
    run: sendBack,
  },
  {
    words: 'bead wording',
    args: [bead],
    flags: [
      { name: 'accept', about: 'Its agent gets the words that a model found.' },
      { name: 'reject', about: 'Its agent gets yours.' },
    ],
    about: 'A task beside the words that a model found for its agent.',
    who: 'person',
    json: true,
    run: wording,
  },
];
