import { compareAttempts, contestNeed } from '../../town/attempts.ts';
import type { Bead } from '../../town/bead.ts';
import { contestOf, fewestAttempts, keptAttempts, mostAttempts } from '../../town/contest.ts';
import { explain } from '../../town/explain.ts';
import { type LedgerState, inRig } from '../../town/ledger.ts';
import { attemptRows, contestNeedWords } from '../../words/attempts.ts';
import { plain } from '../../words/plain.ts';
import { plainEnglish } from '../../words/translate.ts';
import { idsOfCall } from '../../gateway/idsOfCall.ts';
import { CommandError, misused, refused } from '../commandError.ts';
import { findBead } from '../find.ts';
import { json } from '../print/json.ts';
import { counted, parts } from '../print/lines.ts';
import { type Column, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { attemptJson, whyOf } from '../shapes.ts';
import type { Run, Verb } from '../verb.ts';
import { attemptIds, newAttempts, triesOf, wish } from '../wishing.ts';
import { mustHaveSeat } from './seats.ts';

/** Unless a person says how many. */
const usualTries = 3;

const best: Run = async (reach, asked) => {
  const bead = await findBead(reach, asked.given.one('bead'));
  const providers = asked.given.all('provider');
  for (const provider of providers) await mustHaveSeat(reach, provider);
  const number = asked.given.maybe('number');
  const count = number === null ? Math.max(usualTries, providers.length) : triesOf(number);
  if (providers.length > count) throw misused(`Name at most ${String(count)} providers.`);
  const may = mayDraw(reach, bead, count, providers);
  const attempts = attemptIds(reach, idsOfCall(asked.id), bead.id, count);
  // It is tried already when this is said again.
  if (bead.contest?.attempts.join() !== attempts.join())
    await wish(reach, {
      type: 'contestBead',
      bead: bead.id,
      attempts: newAttempts(attempts, providers, bead),
    });
  if (asked.given.is('json')) return json({ id: bead.id, attempts });
  return `${bead.id} is tried in ${String(count)} seats: ${attempts.join(', ')}. ${may}`;
};

function mayDraw(reach: Reach, bead: Bead, count: number, providers: readonly string[]): string {
  const found = explain(reach.rig.state, reach.facts(), reach.now(), bead.id);
  const need = contestNeed(found ?? { candidates: [] }, bead, count, providers);
  return contestNeedWords(need, count, plainEnglish);
}

const attempts: Run = async (reach, asked) => {
  const named = await findBead(reach, asked.given.one('bead'));
  const about = contestOf(reach.rig.state, named) ?? named;
  if (about.contest === undefined) throw refused(`${about.id} is not tried in several seats.`);
  const ledger = await ledgerOf(reach);
  const rig = reach.rig.state.rig?.id;
  const compared = compareAttempts(reach.rig.state, about, (bead) =>
    rig === undefined ? null : (ledger?.beads[inRig(rig, bead.id)] ?? null),
  );
  if (asked.given.is('json')) return json(compared.map((one) => attemptJson(reach, one)));
  const rows = attemptRows(compared, plainEnglish);
  const columns: readonly Column<number>[] = [
    { head: 'ATTEMPT', cell: (index) => compared[index]?.bead.id ?? '' },
    ...rows.map(({ name, cells }) => ({
      head: name.toUpperCase(),
      cell: (index: number) => cells[index] ?? '',
    })),
  ];
  return parts(
    `${about.id}  ${plain(about.title, 2_000)}`,
    whyOf(reach, about),
    table(columns, [...compared.keys()], asked),
    'Compare two with `git diff`: `--json` has their branches and commits.',
  );
};

/** Null: it cannot be told here. */
async function ledgerOf(reach: Reach): Promise<LedgerState | null> {
  if (reach.owner === null) return null;
  try {
    return await reach.accounts.ledger();
  } catch (error) {
    if (CommandError.is(error)) return null;
    throw error;
  }
}

const pick: Run = async (reach, asked) => {
  const bead = await findBead(reach, asked.given.one('attempt'));
  const about = contestOf(reach.rig.state, bead);
  if (about === null)
    throw refused(`${bead.id} is no attempt at another bead. \`rigs bead attempts\` lists those of one.`);
  // It is picked already when this is said again.
  if (about.contest?.picked !== bead.id || bead.status !== 'merging')
    await wish(reach, { type: 'pickAttempt', bead: bead.id, request: idsOfCall(asked.id).request() });
  return `${bead.id} is picked and lands for ${about.id}. What the others made is kept: \`rigs bead clean ${about.id}\`.`;
};

const clean: Run = async (reach, asked) => {
  const bead = await findBead(reach, asked.given.one('bead'));
  const kept = keptAttempts(reach.rig.state, bead.id);
  await wish(reach, { type: 'cleanAttempts', bead: bead.id });
  return kept.length === 0
    ? `Nothing of ${bead.id} is kept.`
    : `${counted(kept.length, 'attempt')} at ${bead.id} cleaned up. What is nowhere else goes to the trash first.`;
};

const beadArgument = { name: 'bead', need: 'one' } as const;

export const contestVerbs: readonly Verb[] = [
  {
    words: 'bead best',
    args: [beadArgument],
    flags: [
      {
        name: 'number',
        short: 'n',
        takes: 'number',
        about: `How many attempts, ${String(fewestAttempts)} to ${String(mostAttempts)}; 3 unless said.`,
      },
      {
        name: 'provider',
        takes: 'provider',
        many: true,
        about: 'A provider to try; may be given more than once. Else different ones, as dispatch finds best.',
      },
    ],
    about: 'Try a bead that has not begun in several seats at once, to pick the best result.',
    who: 'person',
    json: true,
    run: best,
  },
  {
    words: 'bead attempts',
    args: [beadArgument],
    flags: [],
    about: 'The attempts at a bead side by side.',
    who: 'reader',
    json: true,
    run: attempts,
  },
  {
    words: 'bead pick',
    args: [{ name: 'attempt', need: 'one' }],
    flags: [],
    about: 'Have the result of this attempt land; what the others made is kept.',
    who: 'person',
    run: pick,
  },
  {
    words: 'bead clean',
    args: [beadArgument],
    flags: [],
    about: 'Clean up the attempts at a bead that were not picked.',
    who: 'person',
    run: clean,
  },
];
