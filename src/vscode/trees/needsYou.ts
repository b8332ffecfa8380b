import type { Ask } from '../../town/ask.ts';
import { doubtOf } from '../../town/decide/doubts.ts';
import { type Need, beadOfNeed, moreUrgentFirst, needsYou } from '../../town/needsYou.ts';
import { pendingOf } from '../../town/review.ts';
import type { RigState } from '../../town/state.ts';
import { type NeedWords, needWords } from '../../words/asks.ts';
import { plain } from '../../words/plain.ts';
import { firstLine } from '../text.ts';
import { type CommandId, type RowKind, commands } from '../contract.ts';
import type { Subject } from '../subject.ts';
import { icons } from './look.ts';
import { type Children, type Icon, type Node, paged } from './node.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

export type What =
  | Ask['subject']['kind']
  | 'onScreen'
  | 'doubted'
  | 'conflict'
  | 'resolving'
  | 'approval'
  | 'contest'
  | 'offer'
  | 'red'
  | 'redOther'
  | 'queue';

interface Shape {
  readonly kind: RowKind;
  readonly icon: Icon;
  readonly click: CommandId;
}

const shapes: Readonly<Record<What, Shape>> = {
  permission: { kind: 'need.permission', icon: icons.permission, click: commands.showBead },
  onScreen: { kind: 'need.onScreen', icon: icons.onScreen, click: commands.showTerminal },
  question: { kind: 'need.question', icon: icons.question, click: commands.showBead },
  attention: { kind: 'need.attention', icon: icons.attention, click: commands.showTerminal },
  checks: { kind: 'need.checks', icon: icons.checks, click: commands.confirmChecks },
  moveOn: { kind: 'need.moveOn', icon: icons.question, click: commands.showBead },
  budget: { kind: 'need.budget', icon: icons.question, click: commands.openSettings },
  doubted: { kind: 'need.doubted', icon: icons.stuck, click: commands.showBead },
  conflict: { kind: 'need.conflict', icon: icons.stuck, click: commands.resolveConflict },
  resolving: { kind: 'need.resolving', icon: icons.stuck, click: commands.resolveConflict },
  stuck: { kind: 'need.stuck', icon: icons.stuck, click: commands.showBead },
  approval: { kind: 'need.approval', icon: icons.approval, click: commands.showDiff },
  contest: { kind: 'need.contest', icon: icons.approval, click: commands.compareAttempts },
  red: { kind: 'need.red', icon: icons.stuck, click: commands.revertLanding },
  redOther: { kind: 'need.redOther', icon: icons.stuck, click: commands.refreshQueue },
  offer: { kind: 'need.offer', icon: icons.approval, click: commands.openPullRequest },
  queue: { kind: 'need.queue', icon: icons.stuck, click: commands.resumeQueue },
};

/** What waits for a person over all open rigs, most urgent first. */
export function needsYouTree(view: View): Children {
  return paged(allNeeds(view), ({ rig, need }) => needNode(rig, need));
}

export function countNeeds(view: View): number {
  return allNeeds(view).length;
}

export function allNeeds(view: View): readonly { readonly rig: RigView; readonly need: Need }[] {
  return rigViews(view)
    .flatMap((rig) => needsYou(rig.state).map((need) => ({ rig, need })))
    .sort((a, b) => moreUrgentFirst(a.need, b.need));
}

function needNode(view: RigView, need: Need): Node {
  const { t, state, now, key } = view;
  const words = needWords(need, state, now, t);
  const bead = beadOfNeed(need);
  const what = whatOf(need, state);
  const about = aboutInRow[what]?.(view, need, words) ?? '';
  return {
    ...shapes[what],
    id: `need/${key}/${idOfNeed(need)}`,
    label: words.title,
    description: described(view.where, words.overdue ? t('overdue') : '', bead ?? '', about),
    subject: subjectOf(view, need),
    facts: () => [
      { name: t('Needs you'), value: words.title },
      { name: t('About'), value: words.detail, whole: true },
      { name: t('Rig'), value: view.rig.name },
      // Every state that waits has an owner and a deadline, and both are said.
      { name: t('Waits for'), value: t('you') },
      { name: t('Due'), value: words.due },
    ],
  };
}

export function subjectOf({ key }: RigView, need: Need): Subject {
  if (need.kind === 'ask') return { kind: 'ask', rig: key, ask: need.ask.id };
  if (need.kind === 'contest' || need.kind === 'resolving')
    return { kind: 'bead', rig: key, bead: need.bead.id };
  return need.kind === 'queue' || need.request === null
    ? { kind: 'rig', rig: key }
    : { kind: 'request', rig: key, request: need.request.id };
}

/** The same for the same thing, and no other of its rig. */
export function idOfNeed(need: Need): string {
  if (need.kind === 'ask') return need.ask.id;
  if (need.kind === 'contest' || need.kind === 'resolving') return need.bead.id;
  if (need.kind === 'red') return 'target';
  if (need.kind !== 'queue') return need.request.id;
  // A queue that stands still and one that cannot push are two things.
  return need.reason.code.startsWith('push_') ? 'queue/push' : 'queue';
}

/**
 * Once the vendor asks on its own screen, only its terminal can answer; what an inspector holds back, its person may let
 * pass; a conflict is theirs to resolve.
 */
export function whatOf(need: Need, state: Pick<RigState, 'beads' | 'asks'>): What {
  if (need.kind === 'red' && need.request === null) return 'redOther';
  if (need.kind !== 'ask') return need.kind;
  const { bead: id, subject, onScreen } = need.ask;
  const bead = id === null ? undefined : state.beads[id];
  if (subject.kind === 'stuck' && bead !== undefined && doubtOf(state, bead) !== null) return 'doubted';
  if (subject.kind === 'stuck' && subject.reason.code === 'landing_conflict') return 'conflict';
  return subject.kind === 'permission' && onScreen ? 'onScreen' : subject.kind;
}

type About = (view: RigView, need: Need, words: NeedWords) => string;

/** What a row says besides its question, where that is what a person decides by. */
const aboutInRow: Partial<Readonly<Record<What, About>>> = {
  onScreen: ({ t }) => t('answer it in its terminal'),
  attention: (_view, _need, { detail }) => plain(detail.slice(detail.indexOf('\n') + 1)),
  doubted: (_view, _need, { detail }) => plain(firstLine(detail)),
  conflict: (_view, _need, { detail }) => plain(detail),
  stuck: (_view, _need, { detail }) => plain(detail),
  offer: (_view, _need, { detail }) => plain(detail),
  red: (_view, _need, { detail }) => plain(detail),
  redOther: (_view, _need, { detail }) => plain(detail),
  queue: (_view, _need, { detail }) => plain(detail),
  approval: aboutApproval,
};

function unsentWords(count: number, t: RigView['t']): string {
  return count === 1 ? t('one comment not sent') : t('{count} comments not sent', { count });
}

function aboutApproval({ state, t }: RigView, need: Need): string {
  const bead = need.kind === 'approval' ? state.beads[need.request.bead] : undefined;
  if (bead === undefined) return '';
  const { evidence } = bead;
  const size = evidence === null ? '' : `+${String(evidence.insertions)} −${String(evidence.deletions)}`;
  const drafts = pendingOf(bead).length;
  const unsent = drafts === 0 ? '' : unsentWords(drafts, t);
  return [size, unsent].filter((one) => one !== '').join(' · ');
}
