import type { Rule } from '../../town/candidate.ts';
import { type Explanation, explain as explainBead, preview } from '../../town/explain.ts';
import { selectBeads } from '../../town/query.ts';
import { plain } from '../../words/plain.ts';
import { explanationLines } from '../../words/explanation.ts';
import { sentence } from '../../words/reasons.ts';
import { percentLeft } from '../../words/tanks.ts';
import { clock } from '../../words/times.ts';
import { plainEnglish as t } from '../../words/translate.ts';
import { misused, refused } from '../commandError.ts';
import { findBead } from '../find.ts';
import { json } from '../print/json.ts';
import { counted, parts } from '../print/lines.ts';
import { type Column, table } from '../print/table.ts';
import { iso } from '../shapes.ts';
import type { Run, Verb } from '../verb.ts';

const dryRun: Run = (reach, asked) => {
  const { given } = asked;
  if (!given.is('dry-run'))
    throw misused('Work is dispatched by itself. `rigs dispatch --dry-run` shows what would start now.');
  const starts = preview(reach.rig.state, reach.facts(), reach.now());
  if (given.is('json')) return Promise.resolve(json(starts.map(explanationJson)));
  const ids = new Set(starts.map(({ bead }) => bead));
  const waiting = selectBeads(reach.rig.state, { statuses: ['queued'] }).filter(
    ({ id }) => !ids.has(id),
  ).length;
  const others =
    waiting === 0
      ? ''
      : `${counted(waiting, 'other bead')} ${waiting === 1 ? 'waits' : 'wait'}: \`rigs bead list\` says for what.`;
  if (starts.length === 0) return Promise.resolve(parts('Nothing would start now.', others));
  const columns: readonly Column<Explanation>[] = [
    { head: 'BEAD', cell: ({ bead }) => bead },
    { head: 'TITLE', cell: ({ bead }) => reach.rig.state.beads[bead]?.title ?? '', gives: true },
    { head: 'WHERE', cell: whereText, gives: true, colour: () => 'green' },
    { head: 'WHY', cell: whyText, gives: true },
  ];
  return Promise.resolve(
    parts(table(columns, starts, asked), others, '`rigs bead explain <bead>` says all about one.'),
  );
};

function whereText({ seat }: Explanation): string {
  if (seat === null) return '';
  return `${seat.provider}${seat.model === '' ? '' : ` ${seat.model}`}`;
}

/** Of those that start. */
const rules: Readonly<Partial<Record<Rule, string>>> = {
  returning: 'goes on where it was',
  preferred: 'it asks for that provider',
  best: 'best score',
  first: 'first in your order: nothing is known of accounts',
};

function whyText({ seat, rule, candidates }: Explanation): string {
  const taken = candidates.find((one) => one.seat.runner === seat?.runner && one.seat.tank === seat.tank);
  const figures = taken === undefined ? [] : [taken.score.toFixed(2), percentLeft(taken.headroom, t)];
  return [rules[rule] ?? rule, ...figures].join(', ');
}

/** `bead explain`: why it starts where it does, or waits. */
export const explain: Run = async (reach, { given }) => {
  const bead = await findBead(reach, given.one('bead'));
  const found = explainBead(reach.rig.state, reach.facts(), reach.now(), bead.id);
  if (found === null)
    throw refused(
      `${bead.id} is in the archive; nothing is decided about it any more. \`rigs bead show ${bead.id}\` shows it.`,
    );
  if (given.is('json')) return json(explanationJson(found));
  const lines = explanationLines(found, {
    t,
    clock: (at) => clock(at, reach.now()),
    sentence: (reason) => sentence(reason, t, reach.now()),
  });
  return parts(`${bead.id}  ${plain(bead.title, 2_000)}`, lines.join('\n').trimEnd());
};

function explanationJson(one: Explanation) {
  return {
    ...one,
    at: iso(one.at),
    from: one.from === null ? null : iso(one.from),
    why: one.wait === null ? '' : sentence(one.wait, t),
  };
}

export const dispatchVerbs: readonly Verb[] = [
  {
    words: 'dispatch',
    args: [],
    flags: [{ name: 'dry-run', about: 'Only say what would start now; without it nothing is done.' }],
    about: 'What would start now, where and why, and what waits for what.',
    who: 'reader',
    json: true,
    run: dryRun,
  },
];
