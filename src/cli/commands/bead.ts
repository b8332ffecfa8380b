import { type Bead, beadStatuses, endedStatuses, isOpen, totalUsage } from '../../town/bead.ts';
import type { BeadId } from '../../town/ids.ts';
import { selectBeads } from '../../town/query.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { plain } from '../../words/plain.ts';
import { decidesLine } from '../../words/decides.ts';
import { beadStatusWord, beadTypeWord, priorityWord } from '../../words/states.ts';
import { plainEnglish } from '../../words/translate.ts';
import { inspectedLine } from '../../words/verdict.ts';
import { findBead, findConvoy } from '../find.ts';
import {
  afterFlag,
  criterionFlag,
  descriptionFlag,
  limitFlag,
  priorityFlag,
  providerFlag,
  statusFlag,
  touchesFlag,
  typeFlag,
} from '../flags.ts';
import { json } from '../print/json.ts';
import { bullets, counted, fields, indent, parts, section } from '../print/lines.ts';
import type { Colour } from '../print/paint.ts';
import { type Column, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { beadJson, iso, whyOf } from '../shapes.ts';
import { beadIdsIn, each, limitOf, statusesOf } from '../values.ts';
import type { Asked, Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';
import { doubtText } from './beadDecisions.ts';
import { createBead } from './createBead.ts';
import { explain } from './dispatch.ts';
import { editBead } from './editBead.ts';

const usualLimit = 20;

const list: Run = (reach, asked) => {
  const { given } = asked;
  const statuses = statusesOf(asked);
  const wanted = given.maybe('convoy');
  const convoy = wanted === null ? {} : { convoy: findConvoy(reach, wanted).id };
  const ready = given.is('ready') ? { ready: true } : {};
  const { state } = reach.rig;
  const found =
    statuses.length > 0
      ? selectBeads(state, { statuses, ...convoy, ...ready })
      : [
          ...selectBeads(state, { statuses: beadStatuses.filter(isOpen), ...convoy, ...ready }),
          ...(given.is('ready') ? [] : selectBeads(state, { statuses: endedStatuses, ...convoy })),
        ];
  const shown = found.slice(0, limitOf(asked, given.is('json') ? Infinity : usualLimit));
  if (given.is('json')) return Promise.resolve(json(shown.map((bead) => beadJson(reach, bead))));
  if (shown.length === 0) return Promise.resolve('No beads. `rigs bead create "…"` makes one.');
  const more = found.length - shown.length;
  return Promise.resolve(
    parts(
      beadTable(reach, shown, asked),
      more === 0 ? '' : `${counted(more, 'more bead')}: --limit 0 shows all.`,
    ),
  );
};

const colours: Readonly<Partial<Record<Bead['status'], Colour>>> = {
  in_progress: 'blue',
  assigned: 'blue',
  reviewing: 'yellow',
  merging: 'yellow',
  completed: 'green',
  failed: 'red',
  cancelled: 'dim',
  contested: 'blue',
  contending: 'yellow',
  not_picked: 'dim',
  deferred: 'dim',
};

/** One bead a line, in the order given, each with why it is where it is. */
export function beadTable(reach: Reach, beads: readonly Bead[], asked: Asked): string {
  const columns: readonly Column<Bead>[] = [
    { head: 'BEAD', cell: ({ id }) => id },
    {
      head: 'STATUS',
      cell: ({ status }) => beadStatusWord(status, plainEnglish),
      colour: ({ status }) => colours[status] ?? null,
    },
    { head: 'PRIORITY', cell: ({ priority }) => priorityWord(priority, plainEnglish) },
    { head: 'TITLE', cell: ({ title }) => title, gives: true },
    { head: 'WHY', cell: (bead) => whyOf(reach, bead), gives: true, colour: () => 'dim' },
  ];
  return table(columns, beads, asked);
}

const show: Run = async (reach, { given }) => {
  const bead = await findBead(reach, given.one('bead'));
  return given.is('json') ? json(beadJson(reach, bead)) : beadText(reach, bead);
};

function beadText(reach: Reach, bead: Bead): string {
  const { state } = reach.rig;
  const convoy = bead.convoy === null ? undefined : state.convoys[bead.convoy];
  const polecat = bead.polecat === null ? undefined : state.polecats[bead.polecat];
  const { input, output } = totalUsage(bead);
  return parts(
    `${bead.id}  ${plain(bead.title, 2_000)}`,
    fields([
      ['status', beadStatusWord(bead.status, plainEnglish)],
      ['why', whyOf(reach, bead)],
      ['type', beadTypeWord(bead.type, plainEnglish)],
      ['priority', priorityWord(bead.priority, plainEnglish)],
      ['convoy', convoy === undefined ? '' : `${convoy.id} ${plain(convoy.title, 200)}`],
      [
        'agent',
        polecat === undefined ? '' : `${polecat.name} (${polecat.seat.provider}) on ${polecat.branch}`,
      ],
      ['provider', bead.preferredProvider ?? ''],
      ['attempts', bead.contest?.attempts.join(', ') ?? ''],
      ['attempt at', bead.attemptAt ?? ''],
      ['waits for', bead.dependencies.join(', ')],
      ['touches', bead.touches.join(', ')],
      ['labels', bead.labels.join(', ')],
      ['estimate', bead.estimate === null ? '' : `${String(bead.estimate)} tokens`],
      ['used', input + output === 0 ? '' : `${String(input)} tokens in, ${String(output)} out`],
      ['sessions', bead.attempts === 0 ? '' : String(bead.attempts)],
      ['created', iso(bead.createdAt)],
      ['ended', bead.endedAt === null ? '' : iso(bead.endedAt)],
      ['landed', bead.landed ?? ''],
    ]),
    section('Task', bead.description),
    bead.criteria.length === 0 ? '' : `Done when\n${indent(bullets(bead.criteria))}`,
    doubtText(reach, bead),
    evidenceText(bead),
  );
}

function evidenceText({ evidence }: Bead): string {
  if (evidence === null) return '';
  const { commit, files, insertions, deletions, checks, summary } = evidence;
  const changed = `${counted(files.length, 'file')}, +${String(insertions)} −${String(deletions)}`;
  return section(
    'Proof',
    fields([
      ['commit', commit ?? ''],
      ['changed', commit === null ? '' : changed],
      ['checks', checks.map(({ name, outcome }) => `${name} ${outcome.replaceAll('_', ' ')}`).join(', ')],
      ['look', decidesLine(evidence, plainEnglish)],
      ['inspected', inspectedLine(evidence, plainEnglish)],
      ['summary', summary],
    ]),
  );
}

const cancel: Run = (reach, { given }) =>
  each(beadIdsIn(given.all('bead')), async (bead) => {
    const open = openPullLines(reach.rig.state, bead, plainEnglish);
    await wish(reach, { type: 'cancelBead', bead });
    return [`${bead} is cancelled. What was done for it is kept.`, ...open].join(' ');
  });

const retry: Run = (reach, { given }) =>
  each(beadIdsIn(given.all('bead')), async (bead) => {
    await wish(reach, { type: 'retryBead', bead });
    return `${bead} goes on. ${whyNow(reach, bead)}`.trimEnd();
  });

function whyNow(reach: Reach, id: BeadId): string {
  const bead = reach.rig.state.beads[id];
  return bead === undefined ? '' : whyOf(reach, bead);
}

const beadArgument = { name: 'bead', need: 'one' } as const;
const beadsArgument = { name: 'bead', need: 'some' } as const;

export const beadVerbs: readonly Verb[] = [
  {
    words: 'bead create',
    args: [{ name: 'task', need: 'one' }],
    flags: [
      typeFlag,
      priorityFlag,
      providerFlag,
      descriptionFlag,
      criterionFlag,
      afterFlag,
      touchesFlag,
      { name: 'convoy', takes: 'convoy', about: 'The convoy it joins.' },
      { name: 'best', takes: 'number', about: 'Try it in so many seats at once, to pick the best result.' },
    ],
    about: 'Make a bead. An agent makes it beside its own.',
    who: 'both',
    json: true,
    stdin: true,
    run: createBead,
  },
  {
    words: 'bead list',
    args: [],
    flags: [
      statusFlag,
      { name: 'convoy', takes: 'convoy', about: 'Only those of this convoy.' },
      { name: 'ready', about: 'Only those that could start now.' },
      { ...limitFlag, about: `At most so many; 0 for all. ${String(usualLimit)} in a table, all in JSON.` },
    ],
    about: 'Open beads in the order in which they start, then ended ones.',
    who: 'reader',
    json: true,
    run: list,
  },
  {
    words: 'bead show',
    args: [beadArgument],
    flags: [],
    about: 'All about one bead, also an archived one.',
    who: 'reader',
    json: true,
    run: show,
  },
  {
    words: 'bead explain',
    args: [beadArgument],
    flags: [],
    about:
      'Why a bead starts where it does, or waits: every seat with its figures, and the rule that decided.',
    who: 'reader',
    json: true,
    run: explain,
  },
  {
    words: 'bead edit',
    args: [beadArgument],
    flags: [
      { name: 'title', takes: 'text', about: 'Its title.' },
      descriptionFlag,
      typeFlag,
      priorityFlag,
      providerFlag,
      criterionFlag,
      afterFlag,
      touchesFlag,
      { name: 'label', takes: 'label', many: true, about: 'A label; may be given more than once.' },
    ],
    about: 'Change a bead that has not ended. An empty value takes away.',
    who: 'person',
    stdin: true,
    run: editBead,
  },
  {
    words: 'bead cancel',
    args: [beadsArgument],
    flags: [],
    about: 'Call beads off; their work is kept.',
    who: 'person',
    run: cancel,
  },
  {
    words: 'bead retry',
    args: [beadsArgument],
    flags: [],
    about: 'Let beads go on that failed or stand still.',
    who: 'person',
    run: retry,
  },
];
