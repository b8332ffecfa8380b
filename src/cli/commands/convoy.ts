import { idsOfCall } from '../../gateway/idsOfCall.ts';
import type { Bead } from '../../town/bead.ts';
import type { Convoy } from '../../town/convoy.ts';
import { parseBeadId } from '../../town/ids.ts';
import { selectBeads } from '../../town/query.ts';
import { plain } from '../../words/plain.ts';
import { beadStatusWord } from '../../words/states.ts';
import { plainEnglish } from '../../words/translate.ts';
import { misused, notFound, refused } from '../commandError.ts';
import { findConvoy } from '../find.ts';
import { json } from '../print/json.ts';
import { counted, fields, parts } from '../print/lines.ts';
import { type Screen, table } from '../print/table.ts';
import type { Reach } from '../reach.ts';
import { type ConvoyJson, beadJson, convoyJson, whyOf } from '../shapes.ts';
import { beadIdsIn, each, within } from '../values.ts';
import type { Run, Verb } from '../verb.ts';
import { wish } from '../wishing.ts';

const list: Run = (reach, asked) => {
  const { state } = reach.rig;
  const all = Object.values(state.convoys)
    .filter(({ closedAt }) => closedAt === null || asked.given.is('all') || asked.given.is('json'))
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((convoy) => convoyJson(state, convoy));
  if (asked.given.is('json')) return Promise.resolve(json(all));
  if (all.length === 0)
    return Promise.resolve(
      'No open convoys. `rigs goal execute "…"` makes one; --all shows those that are through.',
    );
  return Promise.resolve(convoyTable(all, asked));
};

export function convoyTable(convoys: readonly ConvoyJson[], screen: Screen): string {
  return table<ConvoyJson>(
    [
      { head: 'CONVOY', cell: ({ id }) => id },
      { head: 'PROGRESS', cell: progress },
      { head: 'STATUS', cell: ({ status }) => status },
      { head: 'GOAL', cell: ({ title }) => title, gives: true },
    ],
    convoys,
    screen,
  );
}

const barCells = 10;

function progress({ completed, total }: ConvoyJson): string {
  const full = total === 0 ? 0 : Math.floor((completed / total) * barCells);
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${String(completed)}/${String(total)}`;
}

const show: Run = (reach, asked) => {
  const convoy = findConvoy(reach, asked.given.one('convoy'));
  const beads = selectBeads(reach.rig.state, { convoy: convoy.id });
  const shape = convoyJson(reach.rig.state, convoy);
  if (asked.given.is('json'))
    return Promise.resolve(json({ ...shape, beads: beads.map((bead) => beadJson(reach, bead)) }));
  return Promise.resolve(
    parts(
      `${convoy.id}  ${plain(convoy.title, 2_000)}`,
      fields([
        ['status', shape.status],
        ['progress', progress(shape)],
        ['landing', convoy.landing === 'auto' ? 'by itself once proven' : 'after your approval'],
        ['created', shape.createdAt],
      ]),
      beadMarks(reach, beads, asked),
    ),
  );
};

/** The first seed’s marks: ended well, under way, still to come; and what went wrong. */
function markOf({ status }: Bead): string {
  if (status === 'completed') return '✓';
  if (status === 'failed' || status === 'cancelled' || status === 'not_picked') return '✗';
  return status === 'queued' || status === 'deferred' || status === 'pending' ? '○' : '▶';
}

function beadMarks(reach: Reach, beads: readonly Bead[], screen: Screen): string {
  if (beads.length === 0) return 'It has no beads.';
  return table<Bead>(
    [
      { head: '', cell: markOf },
      { head: 'BEAD', cell: ({ id }) => id },
      { head: 'STATUS', cell: ({ status }) => beadStatusWord(status, plainEnglish) },
      { head: 'TITLE', cell: ({ title }) => title, gives: true },
      { head: 'WHY', cell: (bead) => whyOf(reach, bead), gives: true, colour: () => 'dim' },
    ],
    beads,
    screen,
  );
}

/** `convoy create "Release" gt-… gt-…`, or the second seed’s form, which is beads alone. */
const create: Run = async (reach, asked) => {
  const words = asked.given.all('title or beads');
  const [first = ''] = words;
  const titled = parseBeadId(first) === null;
  const takes = beadIdsIn(titled ? words.slice(1) : words);
  const [bead] = takes;
  if (bead === undefined)
    throw misused('Name the beads it should have: rigs convoy create "Release" gt-abc12 gt-abc34.');
  const title = titled ? first : `${reach.rig.state.beads[bead]?.title ?? bead} and others`;
  const convoy = idsOfCall(asked.id).convoy();
  const landing = asked.given.is('land') ? 'auto' : 'review';
  const held = asked.given.is('hold');
  const named = within('line', 'title', title);
  // It is there when this is said again.
  if (reach.rig.state.convoys[convoy]?.title !== named)
    await wish(reach, { type: 'createConvoy', convoy, title: named, landing, held, beads: [], takes });
  return asked.given.is('json')
    ? json({ id: convoy })
    : `${convoy} has ${counted(takes.length, 'bead')}: ${plain(named, 80)}`;
};

const add: Run = (reach, { given }) => {
  const convoy = findConvoy(reach, given.one('convoy'));
  return each(beadIdsIn(given.all('bead')), async (bead) => {
    await wish(reach, { type: 'fileBead', bead, convoy: convoy.id });
    return `${bead} is in ${convoy.id}.`;
  });
};

const remove: Run = (reach, { given }) => {
  const convoy = findConvoy(reach, given.one('convoy'));
  return each(beadIdsIn(given.all('bead')), async (bead) => {
    const found = reach.rig.state.beads[bead];
    if (found === undefined) throw notFound(`There is no bead ${bead} here. \`rigs bead list\` lists them.`);
    if (found.convoy !== convoy.id)
      throw refused(`${bead} is not in ${convoy.id}. \`rigs convoy show ${convoy.id}\` lists its beads.`);
    await wish(reach, { type: 'fileBead', bead, convoy: null });
    return `${bead} is in no convoy now.`;
  });
};

const hold =
  (type: 'holdConvoy' | 'releaseConvoy', said: (convoy: Convoy) => string): Run =>
  async (reach, { given }) => {
    const convoy = findConvoy(reach, given.one('convoy'));
    await wish(reach, { type, convoy: convoy.id });
    return said(convoy);
  };

const convoyArgument = { name: 'convoy', need: 'one' } as const;
const beadsArgument = { name: 'bead', need: 'some' } as const;

export const convoyVerbs: readonly Verb[] = [
  {
    words: 'convoy list',
    args: [],
    flags: [{ name: 'all', about: 'Also those that are through; JSON always has them.' }],
    about: 'Convoys with their progress.',
    who: 'reader',
    json: true,
    run: list,
  },
  {
    words: 'convoy show',
    args: [convoyArgument],
    flags: [],
    about: 'A convoy and its beads: ✓ completed, ▶ under way, ○ to come, ✗ not completed.',
    who: 'reader',
    json: true,
    run: show,
  },
  {
    words: 'convoy create',
    args: [{ name: 'title or beads', need: 'some' }],
    flags: [
      { name: 'land', about: 'What is proven lands by itself.' },
      { name: 'hold', about: 'Nothing starts until `rigs convoy resume`.' },
    ],
    about: 'Make a convoy of beads that exist.',
    who: 'person',
    json: true,
    run: create,
  },
  {
    words: 'convoy add',
    args: [convoyArgument, beadsArgument],
    flags: [],
    about: 'Put beads into a convoy.',
    who: 'person',
    run: add,
  },
  {
    words: 'convoy remove',
    args: [convoyArgument, beadsArgument],
    flags: [],
    about: 'Take beads out of a convoy; they stay.',
    who: 'person',
    run: remove,
  },
  {
    words: 'convoy pause',
    args: [convoyArgument],
    flags: [],
    about: 'Hold a convoy: none of its beads starts.',
    who: 'person',
    run: hold(
      'holdConvoy',
      ({ id }) => `${id} is held. What runs goes on; \`rigs convoy resume ${id}\` releases it.`,
    ),
  },
  {
    words: 'convoy resume',
    args: [convoyArgument],
    flags: [],
    about: 'Release a convoy.',
    who: 'person',
    run: hold('releaseConvoy', ({ id }) => `${id} is released. Its beads start as places are free.`),
  },
];
