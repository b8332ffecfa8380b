import type { MergeRequest } from '../../town/mergeRequest.ts';
import { isHeld } from '../../town/offer.ts';
import { stepOf } from '../../town/queue.ts';
import { openInOrder } from '../../town/queueOrder.ts';
import { takesSlot } from '../../town/polecat.ts';
import { type RowKind, commands } from '../contract.ts';
import { rigKey } from '../subject.ts';
import { plain } from '../text.ts';
import type { RigHandle } from '../town.ts';
import { stageWord } from '../../words/states.ts';
import { changes } from './changes.ts';
import { icons, requestIcons } from './look.ts';
import { type Children, type Icon, type Node, listed, paged } from './node.ts';
import { polecatNode } from './polecat.ts';
import { neverAsking } from './runnerWords.ts';
import { type RigView, type View, described, rigViews } from './view.ts';

/** Rigs, their queue and polecats, and what each of these changed. */
export function rigsTree(view: View): Children {
  const open = new Map(rigViews(view).map((one) => [one.key, one]));
  const only = view.rigs.length === 1;
  return paged(view.rigs, (rig) => {
    const known = open.get(rigKey(rig));
    return known === undefined ? closedNode(view, rig) : openNode(known, only);
  });
}

/** A rig that is not open says its problem in its own row, and how it is mended. */
function closedNode(view: View, rig: RigHandle): Node {
  const { t } = view;
  const problem = rig.kind === 'closed' ? plain(rig.problem, 500) : '';
  return {
    id: `rig/${rigKey(rig)}`,
    kind: rig.mend === null ? 'rig.closed' : 'rig.mendable',
    label: plain(rig.name),
    description: problem,
    icon: icons.closed,
    spoken: t('Rig {rig} is not open: {problem}', { rig: plain(rig.name), problem }),
    facts: () => [
      { name: t('Rig'), value: rig.name },
      { name: t('Not open'), value: problem },
      { name: t('Folder'), value: rig.folder },
      { name: t('To mend it'), value: t('See to the cause, then click the row to open the rig again.') },
    ],
    subject: { kind: 'rig', rig: rigKey(rig) },
    click: commands.openRig,
  };
}

function openNode(view: RigView, only: boolean): Node {
  const { t, state, rig } = view;
  const parked = state.rig?.parked === true;
  const target = state.rig?.target ?? '';
  const working = Object.values(state.polecats).filter(takesSlot).length;
  const { readOnly } = rig.control;
  const mode = state.stopped ? t('stopped') : parked ? t('parked') : t('{count} working', { count: working });
  const where = readOnly !== null ? t('read-only') : rig.elsewhere ? t('in another window') : '';
  const bypass = neverAsking(view);
  return {
    id: `rig/${view.key}`,
    kind: rig.mend !== null ? 'rig.mendable' : parked ? 'rig.parked' : 'rig.open',
    label: plain(rig.name),
    description: described(where, bypass, mode, target === '' ? '' : `→ ${plain(target, 60)}`),
    icon: readOnly !== null ? icons.readOnly : stateIcon(state.stopped, parked),
    spoken: t('Rig {rig}, {mode}, lands on {target}', {
      rig: plain(rig.name),
      mode: described(where, mode, bypass),
      target,
    }),
    facts: () => [
      { name: t('Rig'), value: rig.name },
      { name: t('Folder'), value: rig.folder },
      ...(readOnly === null ? [] : [{ name: t('Read-only'), value: view.sentence(readOnly) }]),
      ...(rig.elsewhere
        ? [{ name: t('Works'), value: t('in another window, which takes what you do here') }]
        : []),
      { name: t('Lands on'), value: target },
      ...(bypass === '' ? [] : [{ name: t('Asks'), value: bypass }]),
      { name: t('Checks'), value: checksWords(view) },
      { name: t('Memory'), value: rig.control.store.folder },
    ],
    subject: { kind: 'rig', rig: view.key },
    children: (limit) => rigChildren(view)(limit),
    expanded: only || working > 0,
  };
}

function stateIcon(stopped: boolean, parked: boolean): Icon {
  if (stopped) return icons.stopped;
  return parked ? icons.parked : icons.rig;
}

function checksWords({ state, t }: RigView): string {
  const checks = state.rig?.checks ?? null;
  if (checks === null) return t('not confirmed yet');
  return checks.definitions.length === 0
    ? t('none, by your word')
    : checks.definitions.map((one) => one.name).join(', ');
}

function rigChildren(view: RigView): Children {
  const polecats = Object.values(view.state.polecats).filter((one) => one.state !== 'retired');
  return listed([queueNode(view), ...polecats.map((one) => polecatNode(view, one))]);
}

function queueNode(view: RigView): Node {
  const { t, state } = view;
  const requests = openInOrder(state, view.now);
  const { paused } = state.queue;
  const count =
    requests.length === 0
      ? t('empty')
      : requests.length === 1
        ? t('1 waits to land')
        : t('{count} wait to land', { count: requests.length });
  return {
    id: `queue/${view.key}`,
    kind: paused === null ? 'queue' : 'queue.paused',
    label: t('Merge queue'),
    description: described(pauseWords(view), count, batchWords(view), pushWords(view)),
    icon: paused === null ? icons.queue : paused.reason === null ? icons.parked : icons.stuck,
    subject: { kind: 'rig', rig: view.key },
    ...(requests.length === 0 ? {} : { children: paged(requests, (one) => requestNode(view, one)) }),
    expanded: true,
  };
}

/** Empty while it goes on. */
function pauseWords({ t, state, sentence }: RigView): string {
  const { paused } = state.queue;
  if (paused === null) return '';
  return paused.reason === null
    ? t('paused')
    : t('stopped: {why}', { why: plain(sentence(paused.reason), 200) });
}

/** Empty while all that is to be pushed was. */
function pushWords({ t, state, sentence }: RigView): string {
  const { unpushed = null } = state.queue;
  if (unpushed === null) return '';
  return unpushed.why === null
    ? t('pushing')
    : t('not pushed: {why}', { why: plain(sentence(unpushed.why), 200) });
}

/** What is proven just now: how many together, and by how many runs of the checks. */
function batchWords({ t, state }: RigView): string {
  const { batch } = state.queue;
  if (batch === null) return '';
  const count = batch.line.length - batch.landed;
  const runs = batch.running.length;
  const together = count === 1 ? t('1 alone') : t('{count} together', { count });
  if (batch.landing !== null) return t('{what}, landing', { what: together });
  if (runs === 0) return together;
  return runs === 1
    ? t('{what}, 1 run', { what: together })
    : t('{what}, {runs} runs', { what: together, runs });
}

const rowKinds: Partial<Readonly<Record<MergeRequest['stage'], RowKind>>> = {
  ready: 'request.ready',
  offered: 'request.offered',
};

function requestNode(view: RigView, request: MergeRequest): Node {
  const { t } = view;
  const title = plain(view.state.beads[request.bead]?.title ?? request.bead);
  const stage = stageWord(request.stage, t);
  const candidate = request.candidate;
  const evidence = view.state.beads[request.bead]?.evidence ?? null;
  const from = candidate?.onto ?? evidence?.base ?? null;
  const children =
    from === null || evidence === null
      ? {}
      : {
          children: changes(
            view,
            `request/${request.id}`,
            evidence.files,
            from,
            candidate?.commit ?? request.head,
          ),
        };
  return {
    id: `request/${view.key}/${request.id}`,
    kind: rowKinds[request.stage] ?? 'request.open',
    label: title,
    description: described(stage, plain(stepOf(view.state, request.id) ?? ''), request.bead),
    icon: requestIcons[request.stage],
    facts: () => [
      { name: t('Merge request'), value: request.id },
      { name: t('Bead'), value: `${request.bead} ${title}` },
      { name: t('Stage'), value: stage },
      { name: t('Branch'), value: request.branch },
      ...(request.offer?.url == null ? [] : [{ name: t('Pull request'), value: request.offer.url }]),
      ...(request.stage === 'offered' ? [{ name: t('Waits for'), value: waitsFor(request, t) }] : []),
      ...(request.reason === null ? [] : [{ name: t('Why'), value: view.sentence(request.reason) }]),
    ],
    subject: { kind: 'request', rig: view.key, request: request.id },
    click: commands.showDiff,
    ...children,
  };
}

/** Who moves it on: the forge, unless something keeps it from there. */
function waitsFor({ offer }: MergeRequest, t: RigView['t']): string {
  if (offer !== undefined && isHeld(offer)) return t('you');
  return offer?.opened === true ? t('the forge') : t('Rigs');
}
