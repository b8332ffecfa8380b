import type { Bead } from '../../town/bead.ts';
import { beforeInDepot, notReady } from '../../town/ready.ts';
import type { RowKind } from '../contract.ts';
import { beadNode } from './bead.ts';
import { icons } from './look.ts';
import { type Children, type Node, listed, paged } from './node.ts';
import { type RigView, type View, rigViews } from './view.ts';
import type { Translate } from '../../words/translate.ts';

type Row = { readonly view: RigView; readonly bead: Bead };

interface Group {
  readonly id: string;
  readonly title: (t: Translate) => string;
  readonly has: (row: Row) => boolean;
  readonly before: (a: Bead, b: Bead) => number;
  readonly expanded: boolean;
  /** Those whose beads go to the archive one day. */
  readonly kind?: RowKind;
}

const newestFirst = (a: Bead, b: Bead): number => (b.endedAt ?? b.changedAt) - (a.endedAt ?? a.changedAt);
const isReady = ({ view, bead }: Row): boolean =>
  bead.status === 'queued' && notReady(view.state, bead) === null;

/** A bead is in the first group that has it. */
const groups: readonly Group[] = [
  {
    id: 'working',
    title: (t) => t('Working'),
    has: ({ bead }) => bead.status === 'assigned' || bead.status === 'in_progress',
    before: beforeInDepot,
    expanded: true,
  },
  {
    id: 'proving',
    title: (t) => t('Being proven'),
    has: ({ bead }) => bead.status === 'reviewing',
    before: beforeInDepot,
    expanded: true,
  },
  {
    id: 'tried',
    title: (t) => t('Tried in several seats'),
    has: ({ bead }) => bead.status === 'contested' || bead.status === 'contending',
    before: beforeInDepot,
    expanded: true,
  },
  {
    id: 'landing',
    title: (t) => t('In the merge queue'),
    has: ({ bead }) => bead.status === 'merging',
    before: beforeInDepot,
    expanded: true,
  },
  { id: 'ready', title: (t) => t('Ready'), has: isReady, before: beforeInDepot, expanded: true },
  {
    id: 'waiting',
    title: (t) => t('Waiting'),
    has: ({ bead }) => ['pending', 'optimizing', 'queued', 'deferred'].includes(bead.status),
    before: beforeInDepot,
    expanded: true,
  },
  {
    id: 'failed',
    title: (t) => t('Failed'),
    has: ({ bead }) => bead.status === 'failed',
    before: newestFirst,
    expanded: true,
    kind: 'group.ended',
  },
  {
    id: 'completed',
    title: (t) => t('Completed'),
    has: ({ bead }) => bead.status === 'completed',
    before: newestFirst,
    expanded: false,
    kind: 'group.ended',
  },
  {
    id: 'notPicked',
    title: (t) => t('Not picked'),
    has: ({ bead }) => bead.status === 'not_picked',
    before: newestFirst,
    expanded: false,
    kind: 'group.ended',
  },
  {
    id: 'cancelled',
    title: (t) => t('Cancelled'),
    has: ({ bead }) => bead.status === 'cancelled',
    before: newestFirst,
    expanded: false,
    kind: 'group.ended',
  },
];

/** Beads by state; the ready ones in the order in which they start. */
export function beadsTree(view: View): Children {
  const rows = rigViews(view).flatMap((rig) =>
    Object.values(rig.state.beads).map((bead): Row => ({ view: rig, bead })),
  );
  const found = new Map<Group, Row[]>(groups.map((group) => [group, []]));
  for (const row of rows) {
    const group = groups.find((one) => one.has(row));
    if (group !== undefined) found.get(group)?.push(row);
  }
  return listed(
    [...found].filter(([, list]) => list.length > 0).map(([group, list]) => groupNode(view, group, list)),
  );
}

function groupNode(view: View, group: Group, rows: readonly Row[]): Node {
  const { t } = view;
  const sorted = [...rows].sort((a, b) => group.before(a.bead, b.bead));
  const title = group.title(t);
  return {
    id: `beads/${group.id}`,
    kind: group.kind ?? 'group',
    label: title,
    description: String(rows.length),
    icon: icons.group,
    spoken: t('{title}, {count} beads', { title, count: rows.length }),
    children: paged(sorted, (row) => beadNode(row.view, row.bead, 'bead')),
    expanded: group.expanded,
  };
}
