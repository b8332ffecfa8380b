import * as vscode from 'vscode';
import type { Bead } from '../../town/bead.ts';
import { pageOf } from '../../town/offer.ts';
import { openStages } from '../../town/mergeRequest.ts';
import { reason } from '../../town/reason.ts';
import { openPullLines } from '../../words/openPulls.ts';
import { commands } from '../contract.ts';
import { confirmed, tell } from '../say.ts';
import { parseSubject, rigKey } from '../subject.ts';
import { type Target, beads, flaky, openRigs, requests, rigs, target } from '../targets.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate } from '../translate.ts';
import { approveConvoy } from './approveConvoy.ts';

type Names =
  | 'approveLanding'
  | 'showDiff'
  | 'approveConvoy'
  | 'openPullRequest'
  | 'refreshQueue'
  | 'retryLanding'
  | 'ejectFromQueue'
  | 'moveToFront'
  | 'landNow'
  | 'pauseQueue'
  | 'resumeQueue'
  | 'forgetFlaky'
  | 'showChange';

/** An attempt at a bead has a diff before it has a request. */
function attemptOf(tools: Tools, argument: unknown): Target<Bead> | null {
  const subject = parseSubject(argument);
  const rig = openRigs(tools).find((one) => rigKey(one) === subject?.rig);
  const it = rig === undefined || subject === null ? undefined : beads.of(rig, subject);
  if (
    rig === undefined ||
    it?.attemptAt === undefined ||
    requests.of(rig, { kind: 'bead', rig: rigKey(rig), bead: it.id }) !== undefined
  )
    return null;
  return { rig, it };
}

/** What a person does to merge requests. */
export function queueCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const nothing = vscode.l10n.t('Nothing waits in the merge queue.');
  const turn = async (
    args: readonly unknown[],
    type: 'pauseQueue' | 'resumeQueue' | 'refreshQueue',
    title: string,
  ): Promise<void> => {
    const noRig = vscode.l10n.t('No rig is open.');
    const found = await target(tools, args, rigs, { title, nothing: noRig, takeOnly: true });
    if (found !== null) await tools.wish(found.rig.control, { type });
  };
  return {
    [commands.pauseQueue]: (...args) => turn(args, 'pauseQueue', vscode.l10n.t('Pause Merge Queue')),
    [commands.resumeQueue]: (...args) => turn(args, 'resumeQueue', vscode.l10n.t('Resume Merge Queue')),
    [commands.refreshQueue]: (...args) => turn(args, 'refreshQueue', vscode.l10n.t('Refresh Merge Queue')),
    [commands.approveConvoy]: (...args) => approveConvoy(tools, args),
    [commands.openPullRequest]: async (...args) => {
      const found = await target(tools, args, requests, {
        title: vscode.l10n.t('Open Pull Request'),
        nothing: vscode.l10n.t('No pull request is known here, or none of this.'),
        fits: (request) => request.stage === 'offered' && pageOf(request) !== null,
      });
      const page = found === null ? null : pageOf(found.it);
      if (page !== null) await vscode.env.openExternal(vscode.Uri.parse(page, true));
    },
    [commands.moveToFront]: async (...args) => {
      const title = vscode.l10n.t('Move to Front');
      const found = await target(tools, args, requests, { title, nothing });
      if (found !== null) await tools.wish(found.rig.control, { type: 'moveToFront', request: found.it.id });
    },
    [commands.landNow]: async (...args) => {
      const found = await target(tools, args, requests, { title: vscode.l10n.t('Land Now'), nothing });
      if (found === null) return;
      const { control } = found.rig;
      await tools.wish(control, { type: 'moveToFront', request: found.it.id });
      await tools.wish(control, { type: 'approve', request: found.it.id });
    },
    [commands.approveLanding]: async (...args) => {
      const found = await target(tools, args, requests, {
        title: vscode.l10n.t('Approve Landing'),
        nothing: vscode.l10n.t('No landing waits for an approval.'),
        fits: (request) => openStages.includes(request.stage) && request.approval === null,
      });
      if (found === null) return;
      await tools.wish(found.rig.control, { type: 'approve', request: found.it.id });
    },
    [commands.showDiff]: async (...args) => {
      const attempt = attemptOf(tools, args[0]);
      if (attempt !== null && (await tools.diffs.ofAttempt(attempt.rig, attempt.it))) return;
      const found = await target(tools, args, requests, { title: vscode.l10n.t('Show Diff'), nothing });
      if (found === null) return;
      if (!(await tools.diffs.ofRequest(found.rig, found.it))) {
        tell(vscode.l10n.t('There is nothing to compare for {request} yet.', { request: found.it.id }));
      }
    },
    [commands.retryLanding]: async (...args) => {
      const found = await target(tools, args, requests, { title: vscode.l10n.t('Retry Landing'), nothing });
      if (found === null) return;
      await tools.wish(found.rig.control, {
        type: 'reprove',
        request: found.it.id,
        reason: reason('person_said'),
      });
    },
    [commands.ejectFromQueue]: async (...args) => {
      const found = await target(tools, args, requests, {
        title: vscode.l10n.t('Eject from Queue'),
        nothing,
      });
      if (found === null) return;
      const open = openPullLines(found.rig.control.state, found.it.bead, translate);
      const yes =
        open.length === 0 ||
        (await confirmed(
          vscode.l10n.t('Take {request} out of the merge queue?', { request: found.it.id }),
          open.join('\n'),
          vscode.l10n.t('Eject from Queue'),
        ));
      if (!yes) return;
      await tools.wish(found.rig.control, {
        type: 'eject',
        request: found.it.id,
        reason: reason('person_said'),
        ask: tools.ids.ask(),
      });
    },
    [commands.forgetFlaky]: async (...args) => {
      const title = vscode.l10n.t('Forget Flaky Test');
      const none = vscode.l10n.t('No test is known to fail and pass on the same files.');
      const found = await target(tools, args, flaky, { title, nothing: none });
      if (found === null) return;
      const { check, test } = found.it;
      await tools.wish(found.rig.control, { type: 'forgetFlaky', check, test });
    },
    [commands.showChange]: async (...args) => {
      const subject = parseSubject(args[0]);
      if (subject?.kind === 'change') await tools.diffs.ofFile(subject);
    },
  };
}
