import type { Ask } from '../../town/ask.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { type Need, moreUrgentFirst, needsYou } from '../../town/needsYou.ts';
import { commands } from '../contract.ts';
import { visible } from '../../words/plain.ts';
import { plain } from '../text.ts';
import { icons } from './look.ts';
import { type Children, type Fact, type Node, paged } from './node.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

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

type Shape = Pick<Node, 'kind' | 'label' | 'description' | 'icon' | 'click'>;

function needNode(view: RigView, need: Need): Node {
  const shape = need.kind === 'ask' ? askShape(view, need.ask) : approvalShape(view, need.request);
  const id = need.kind === 'ask' ? need.ask.id : need.request.id;
  const late = need.deadline <= view.now ? view.t('overdue') : '';
  return {
    ...shape,
    id: `need/${view.key}/${id}`,
    description: described(view.where, late, shape.description),
    subject:
      need.kind === 'ask'
        ? { kind: 'ask', rig: view.key, ask: need.ask.id }
        : { kind: 'request', rig: view.key, request: need.request.id },
    facts: () => needFacts(view, need, shape),
  };
}

function askShape(view: RigView, ask: Ask): Shape {
  const { t, state } = view;
  const { subject } = ask;
  switch (subject.kind) {
    case 'permission': {
      const name = state.polecats[subject.polecat]?.name ?? subject.polecat;
      return {
        kind: 'need.permission',
        label: t('{polecat} asks to {tool}: {detail}', {
          polecat: name,
          tool: plain(subject.tool, 40),
          detail: visible(subject.detail, 300),
        }),
        description: ask.bead ?? '',
        icon: icons.permission,
        click: commands.showBead,
      };
    }
    case 'checks':
      return {
        kind: 'need.checks',
        label: t('Confirm the checks that prove work'),
        description: plain(subject.definitions.map((one) => one.name).join(', ')),
        icon: icons.checks,
        click: commands.confirmChecks,
      };
    case 'stuck':
      return {
        kind: 'need.stuck',
        label: t('Stands still: {title}', { title: titleOf(view, ask.bead) }),
        description: described(ask.bead, plain(view.sentence(subject.reason))),
        icon: icons.stuck,
        click: commands.showBead,
      };
  }
}

function approvalShape(view: RigView, request: MergeRequest): Shape {
  const evidence = view.state.beads[request.bead]?.evidence;
  const size =
    evidence === null || evidence === undefined
      ? ''
      : `+${String(evidence.insertions)} −${String(evidence.deletions)}`;
  return {
    kind: 'need.approval',
    label: view.t('Approve landing: {title}', { title: titleOf(view, request.bead) }),
    description: described(request.bead, size),
    icon: icons.approval,
    click: commands.showDiff,
  };
}

function titleOf(view: RigView, bead: Ask['bead']): string {
  const found = bead === null ? undefined : view.state.beads[bead];
  return plain(found?.title ?? bead ?? '');
}

/** Every state that waits has an owner and a deadline; both are said. */
function needFacts(view: RigView, need: Need, shape: Shape): readonly Fact[] {
  const { t } = view;
  const detail =
    need.kind === 'ask' && need.ask.subject.kind === 'permission'
      ? [
          {
            name: t('Asks to {tool}', { tool: need.ask.subject.tool }),
            value: visible(need.ask.subject.detail),
          },
        ]
      : [{ name: t('Needs you'), value: shape.label }];
  return [
    ...detail,
    ...(shape.description === undefined ? [] : [{ name: t('About'), value: shape.description }]),
    { name: t('Rig'), value: view.rig.name },
    { name: t('Waits for'), value: t('you, since {since}', { since: view.clock(need.since) }) },
    { name: t('Due by'), value: view.clock(need.deadline) },
  ];
}
