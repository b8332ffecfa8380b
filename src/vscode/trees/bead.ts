import { type Bead, isOpen, totalUsage } from '../../town/bead.ts';
import { contestOf } from '../../town/contest.ts';
import { doubtOf } from '../../town/decide/doubts.ts';
import { commands, type RowKind } from '../contract.ts';
import { plain, short } from '../text.ts';
import { beadStatusWord, beadTypeWord, priorityWord } from '../../words/states.ts';
import { beadIcons } from './look.ts';
import type { Children, Fact, Node } from './node.ts';
import { type RigView, described } from './view.ts';

/** A bead as a row. `prefix` tells apart the same bead in two places of one tree. */
export function beadNode(view: RigView, bead: Bead, prefix: string, children?: Children): Node {
  const { t } = view;
  const title = plain(bead.title);
  const why = whyWords(view, bead);
  return {
    id: `${prefix}/${view.key}/${bead.id}`,
    kind: rowKind(view, bead),
    label: title,
    description: described(view.where, attemptWords(view, bead), why, bead.id),
    icon: beadIcons[bead.status],
    spoken: t('{title}, bead {id}, {status}, {why}', {
      title,
      id: bead.id,
      status: beadStatusWord(bead.status, t),
      why,
    }),
    facts: () => beadFacts(view, bead),
    subject: { kind: 'bead', rig: view.key, bead: bead.id },
    click: commands.showBead,
    ...(children === undefined ? {} : { children, expanded: isOpen(bead.status) }),
  };
}

/** Which one of several attempts at the same bead it is; empty: it is none. */
function attemptWords({ state, t }: RigView, bead: Bead): string {
  const all = contestOf(state, bead)?.contest?.attempts;
  if (all === undefined) return '';
  return t('attempt {number} of {count}', { number: all.indexOf(bead.id) + 1, count: all.length });
}

/** What its menu offers; what an inspector holds back comes before other words for its task. */
function rowKind({ state }: RigView, bead: Bead): RowKind {
  if (doubtOf(state, bead) !== null) return 'bead.doubted';
  if (bead.status === 'contested') return 'bead.contested';
  if (bead.status === 'contending') return 'bead.attempt';
  if (bead.status === 'not_picked') return 'bead.notPicked';
  if (isOpen(bead.status)) return bead.optimized === undefined ? openKind(bead) : 'bead.worded';
  if (bead.status === 'failed') return 'bead.failed';
  const keeps = bead.contest?.attempts.some((one) => state.beads[one]?.status === 'not_picked');
  return keeps === true ? 'bead.decided' : 'bead.ended';
}

function openKind({ status, polecat, attemptAt }: Bead): RowKind {
  const waits = (status === 'queued' || status === 'deferred') && polecat === null;
  return waits && attemptAt === undefined ? 'bead.waiting' : 'bead.open';
}

/** Why a bead does or does not move; its state when nothing more is known. */
export function whyWords(view: RigView, bead: Bead): string {
  if (bead.status === 'completed') return landedWords(view, bead);
  // Of a bead that left the state nobody else knows why.
  const why = view.rig.control.why(bead.id) ?? bead.reason;
  return why === null ? beadStatusWord(bead.status, view.t) : plain(view.sentence(why));
}

function landedWords(view: RigView, bead: Bead): string {
  return bead.landed === null
    ? view.t('completed')
    : view.t('landed as {commit}', { commit: bead.landed.slice(0, 8) });
}

export function beadFacts(view: RigView, bead: Bead): readonly Fact[] {
  const { t } = view;
  const usage = totalUsage(bead);
  const tokens = usage.input + usage.output;
  const convoy = bead.convoy === null ? undefined : view.state.convoys[bead.convoy];
  const polecat = bead.polecat === null ? undefined : view.state.polecats[bead.polecat];
  const rows: readonly (Fact | null)[] = [
    { name: t('Title'), value: bead.title },
    { name: t('Bead'), value: bead.id },
    { name: t('State'), value: beadStatusWord(bead.status, t) },
    { name: t('Why'), value: whyWords(view, bead) },
    { name: t('Type'), value: beadTypeWord(bead.type, t) },
    { name: t('Priority'), value: priorityWord(bead.priority, t) },
    fact(t('Convoy'), convoy?.title),
    fact(t('Polecat'), polecat === undefined ? undefined : `${polecat.name} (${polecat.seat.provider})`),
    fact(t('Attempts'), bead.contest?.attempts.join(', ')),
    fact(t('Attempt at'), bead.attemptAt),
    fact(t('Waits for beads'), bead.dependencies.join(', ')),
    fact(t('Tokens'), tokens === 0 ? '' : short(tokens)),
    { name: t('Changed'), value: view.clock(bead.changedAt) },
  ];
  return rows.filter((row) => row !== null);
}

function fact(name: string, value: string | undefined): Fact | null {
  return value === undefined || value === '' ? null : { name, value };
}
