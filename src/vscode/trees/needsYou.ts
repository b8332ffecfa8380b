import { type Need, moreUrgentFirst, needsYou } from '../../town/needsYou.ts';
import { needWords } from '../../words/asks.ts';
import { plain } from '../../words/plain.ts';
import { type CommandId, type RowKind, commands } from '../contract.ts';
import { icons } from './look.ts';
import { type Children, type Icon, type Node, paged } from './node.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

type What = 'permission' | 'checks' | 'stuck' | 'approval';

interface Shape {
  readonly kind: RowKind;
  readonly icon: Icon;
  readonly click: CommandId;
}

const shapes: Readonly<Record<What, Shape>> = {
  permission: { kind: 'need.permission', icon: icons.permission, click: commands.showBead },
  checks: { kind: 'need.checks', icon: icons.checks, click: commands.confirmChecks },
  stuck: { kind: 'need.stuck', icon: icons.stuck, click: commands.showBead },
  approval: { kind: 'need.approval', icon: icons.approval, click: commands.showDiff },
};

/** What waits for a person over all open rigs, most urgent first. */
export function needsYouTree(view: View): Children {
  return paged(allNeeds(view), ({ rig, need }) => needNode(rig, need));
}

export function countNeeds(view: View): number {
  return allNeeds(view).length;
}

function allNeeds(view: View): readonly { readonly rig: RigView; readonly need: Need }[] {
  return rigViews(view)
    .flatMap((rig) => needsYou(rig.state).map((need) => ({ rig, need })))
    .sort((a, b) => moreUrgentFirst(a.need, b.need));
}

function needNode(view: RigView, need: Need): Node {
  const { t, state, now, key } = view;
  const words = needWords(need, state, now, t);
  const bead = need.kind === 'ask' ? need.ask.bead : need.request.bead;
  const about =
    need.kind === 'ask' && need.ask.subject.kind === 'stuck' ? plain(words.detail) : sizeOf(view, need);
  return {
    ...shapes[need.kind === 'ask' ? need.ask.subject.kind : 'approval'],
    id: `need/${key}/${need.kind === 'ask' ? need.ask.id : need.request.id}`,
    label: words.title,
    description: described(view.where, words.overdue ? t('overdue') : '', bead, about),
    subject:
      need.kind === 'ask'
        ? { kind: 'ask', rig: key, ask: need.ask.id }
        : { kind: 'request', rig: key, request: need.request.id },
    facts: () => [
      { name: t('Needs you'), value: words.title },
      { name: t('About'), value: words.detail },
      { name: t('Rig'), value: view.rig.name },
      // Every state that waits has an owner and a deadline, and both are said.
      { name: t('Waits for'), value: t('you') },
      { name: t('Due'), value: words.due },
    ],
  };
}

function sizeOf({ state }: RigView, need: Need): string {
  const evidence = need.kind === 'approval' ? state.beads[need.request.bead]?.evidence : null;
  return evidence === null || evidence === undefined
    ? ''
    : `+${String(evidence.insertions)} −${String(evidence.deletions)}`;
}
