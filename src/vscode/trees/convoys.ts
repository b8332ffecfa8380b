import { type Bead, isOpen, totalUsage } from '../../town/bead.ts';
import { attemptsAt } from '../../town/contest.ts';
import type { Convoy } from '../../town/convoy.ts';
import type { ConvoyId } from '../../town/ids.ts';
import type { RowKind } from '../contract.ts';
import { plain, short } from '../text.ts';
import { beadNode } from './bead.ts';
import { icons } from './look.ts';
import { type Children, type Icon, type Node, paged } from './node.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

/** Convoys with their progress: those under way first, then the ended ones, newest first. */
export function convoysTree(view: View): Children {
  const rows = rigViews(view).flatMap((rig) => {
    const beads = byConvoy(rig);
    return Object.values(rig.state.convoys).map((convoy) => ({
      rig,
      convoy,
      beads: beads.get(convoy.id) ?? [],
    }));
  });
  rows.sort(
    (a, b) =>
      Number(a.convoy.closedAt !== null) - Number(b.convoy.closedAt !== null) ||
      b.convoy.createdAt - a.convoy.createdAt,
  );
  return paged(rows, ({ rig, convoy, beads }) => convoyNode(rig, convoy, beads));
}

function byConvoy(view: RigView): ReadonlyMap<ConvoyId, readonly Bead[]> {
  const found = new Map<ConvoyId, Bead[]>();
  for (const bead of Object.values(view.state.beads)) {
    if (bead.convoy === null) continue;
    const list = found.get(bead.convoy);
    if (list === undefined) found.set(bead.convoy, [bead]);
    else list.push(bead);
  }
  return found;
}

function convoyNode(view: RigView, convoy: Convoy, beads: readonly Bead[]): Node {
  const { t } = view;
  const title = plain(convoy.title);
  // What is tried in several seats counts once.
  const counted = beads.filter((bead) => bead.attemptAt === undefined);
  const done = counted.filter((bead) => bead.status === 'completed').length;
  const lost = counted.filter((bead) => !isOpen(bead.status) && bead.status !== 'completed').length;
  const tokens = beads.map(totalUsage).reduce((sum, one) => sum + one.input + one.output, 0);
  const progress = t('{done} of {count} beads completed', { done, count: counted.length });
  return {
    id: `convoy/${view.key}/${convoy.id}`,
    kind: rowKind(convoy),
    // A goal is a sentence: in full it would push the progress out of a side bar.
    label: plain(convoy.title, 24),
    description: described(
      view.where,
      `${String(done)}/${String(counted.length)}`,
      lost === 0 ? '' : t('{count} not completed', { count: lost }),
      tokens === 0 ? '' : t('{tokens} tokens', { tokens: short(tokens) }),
      convoy.held && convoy.closedAt === null ? t('held') : '',
    ),
    icon: iconOf(convoy, lost),
    spoken: described(t('Convoy {title}, {progress}', { title, progress }), convoy.held ? t('held') : ''),
    facts: () => [
      { name: t('Convoy'), value: convoy.title },
      { name: t('Id'), value: convoy.id },
      { name: t('Progress'), value: progress },
      {
        name: t('Landing'),
        value: convoy.landing === 'auto' ? t('by itself, once proven') : t('after your approval'),
      },
      { name: t('Since'), value: view.clock(convoy.createdAt) },
    ],
    subject: { kind: 'convoy', rig: view.key, convoy: convoy.id },
    children: paged(counted, (bead) => withAttempts(view, bead)),
    expanded: convoy.closedAt === null,
  };
}

function withAttempts(view: RigView, bead: Bead): Node {
  const attempts = attemptsAt(view.state, bead);
  if (attempts.length === 0) return beadNode(view, bead, 'convoyBead');
  return beadNode(
    view,
    bead,
    'convoyBead',
    paged(attempts, (one) => beadNode(view, one, 'convoyBead')),
  );
}

function rowKind(convoy: Convoy): RowKind {
  if (convoy.closedAt !== null) return 'convoy.closed';
  return convoy.held ? 'convoy.held' : 'convoy.open';
}

function iconOf(convoy: Convoy, lost: number): Icon {
  if (convoy.closedAt !== null) return lost === 0 ? icons.convoyDone : icons.convoyBad;
  return convoy.held ? icons.convoyHeld : icons.convoy;
}
