import * as vscode from 'vscode';
import { unapproved } from '../../town/convoyRequests.ts';
import { confirmed, tell } from '../say.ts';
import type { OpenRig } from '../subject.ts';
import { convoys, target } from '../targets.ts';
import { plain } from '../text.ts';
import type { Tools } from '../tools.ts';

type Request = ReturnType<typeof unapproved>[number];

/** All that waits of a convoy, after the person saw what it is; each that could not be approved is said. */
export async function approveConvoy(tools: Tools, args: readonly unknown[]): Promise<void> {
  const found = await target(tools, args, convoys, {
    title: vscode.l10n.t('Approve Convoy'),
    nothing: vscode.l10n.t('Nothing of a convoy waits for your approval.'),
    fits: ({ id }, state) => unapproved(state, id).length > 0,
  });
  if (found === null) return;
  const { rig, it: convoy } = found;
  const waiting = unapproved(rig.control.state, convoy.id);
  const named = { count: waiting.length, convoy: plain(convoy.title, 120) };
  const question =
    waiting.length === 1
      ? vscode.l10n.t('Approve the one landing of “{convoy}” that waits?', named)
      : vscode.l10n.t('Approve all {count} landings of “{convoy}” that wait?', named);
  if (!(await confirmed(question, listOf(rig, waiting), vscode.l10n.t('Approve Convoy')))) return;
  let approved = 0;
  for (const { id } of waiting)
    if (await tools.wish(rig.control, { type: 'approve', request: id })) approved += 1;
  tell(
    approved === waiting.length
      ? vscode.l10n.t('Approved: {count} of “{convoy}”. Each lands as soon as it is proven.', named)
      : vscode.l10n.t('Approved: {approved} of {count} of “{convoy}”.', { ...named, approved }),
  );
}

/** Longer, a dialog is larger than its screen. */
const mostListed = 20;

/** One line each: what it is, and what a person should know before they say yes. */
function listOf({ control: { state } }: OpenRig, waiting: readonly Request[]): string {
  const lines = waiting.slice(0, mostListed).map(({ bead: id, stage }) => {
    const bead = state.beads[id];
    const notes = [
      ...(stage === 'ready' ? [] : [vscode.l10n.t('not proven yet')]),
      ...(bead?.evidence?.decides === undefined ? [] : [vscode.l10n.t('changes what its checks prove')]),
    ];
    return [plain(bead?.title ?? id, 100), ...notes].join(' · ');
  });
  const more = waiting.length - lines.length;
  return [...lines, ...(more > 0 ? [vscode.l10n.t('and {count} more', { count: more })] : [])].join('\n');
}
