import * as vscode from 'vscode';
import { conflictOf } from '../../town/decide/resolving.ts';
import type { Wish } from '../../foreman/control.ts';
import type { Bead } from '../../town/bead.ts';
import type { Reason } from '../../town/reason.ts';
import { commands } from '../contract.ts';
import { openMergeEditors } from '../mergeEditors.ts';
import { type ResolvingEnd, resolvingEnd } from '../resolvingEnd.ts';
import { confirmed, tell } from '../say.ts';
import type { OpenRig } from '../subject.ts';
import { beads, target } from '../targets.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names = 'resolveConflict' | 'resolutionDone' | 'abandonResolution';

/** A person brings together what no agent could, in the worktree where the work is. */
export function conflictCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.resolveConflict]: async (...args) => {
      const found = await target(tools, args, beads, {
        title: vscode.l10n.t('Resolve Conflict'),
        nothing: vscode.l10n.t('No conflict waits to be resolved.'),
        fits: (bead, state) =>
          conflictOf(state, bead.id) !== null || resolvingStep({ control: { state } }, bead) !== null,
        takeOnly: true,
      });
      if (found === null) return;
      const { rig, it } = found;
      const how = await settled(tools, rig, it, { type: 'resolveConflict', bead: it.id });
      if (how?.end === 'open') await show(tools, rig, it);
      else if (how !== null) tellEnd(tools, it, how);
    },
    [commands.resolutionDone]: async (...args) => {
      const found = await underWay(tools, args, vscode.l10n.t('Resolution Is Done'));
      if (found !== null) await finish(tools, found.rig, found.it, false);
    },
    [commands.abandonResolution]: async (...args) => {
      const found = await underWay(tools, args, vscode.l10n.t('Abandon Resolution'));
      if (found === null) return;
      const yes = await confirmed(
        vscode.l10n.t('Abandon the merge of “{title}”?', { title: titleOf(found.it) }),
        vscode.l10n.t('What you resolved so far is gone. The work itself stays as it was.'),
        vscode.l10n.t('Abandon'),
      );
      if (yes) await tools.wish(found.rig.control, { type: 'abandonResolution', bead: found.it.id });
    },
  };
}

function underWay(tools: Tools, args: readonly unknown[], title: string) {
  return target(tools, args, beads, {
    title,
    nothing: vscode.l10n.t('You resolve no conflict at the moment.'),
    fits: (bead, state) => resolvingStep({ control: { state } }, bead) !== null,
    takeOnly: true,
  });
}

type WithState = { readonly control: Pick<OpenRig['control'], 'state'> };

function resolvingOf({ control: { state } }: WithState, { id }: Pick<Bead, 'id'>) {
  const polecat = state.beads[id]?.polecat ?? null;
  return polecat === null ? null : (state.polecats[polecat]?.resolving ?? null);
}

function resolvingStep(rig: WithState, bead: Bead): string | null {
  return resolvingOf(rig, bead)?.step ?? null;
}

/** Git may take a while in a large repository; by then it is looked for in vain. */
const patienceMs = 120_000;

interface Settled {
  readonly end: ResolvingEnd;
  /** Why it came to nothing, as far as anybody said. */
  readonly why: Reason | null;
}

/** Until the merge is open, or is over, or takes too long. Null: it was refused, and that was said. */
async function settled(tools: Tools, rig: OpenRig, bead: Bead, wish: Wish): Promise<Settled | null> {
  let why: Reason | null = null;
  const stop = rig.control.onNotice((notice) => {
    if (notice.what === 'polecat.resolving' && notice.bead === bead.id) why = notice.why;
  });
  try {
    if (!(await tools.wish(rig.control, wish))) return null;
    await untilEnd(rig, bead);
    return { end: resolvingEnd(rig.control.state, bead.id), why };
  } finally {
    stop();
  }
}

async function untilEnd({ control }: OpenRig, { id }: Bead): Promise<void> {
  const isOver = (): boolean => resolvingEnd(control.state, id) !== 'under_way';
  if (isOver()) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    const stop = control.onChange(() => {
      if (isOver()) end();
    });
  });
}

/** How it ended that a person does not see by itself. */
function tellEnd(tools: Tools, bead: Bead, { end, why }: Settled): void {
  const said = endLines[end](titleOf(bead));
  tell(why === null ? said : `${said} ${withoutMarkup(plain(tools.sentence(why), 500))}`);
}

const endLines: Readonly<Record<ResolvingEnd, (title: string) => string>> = {
  open: (title) => vscode.l10n.t('What you made of the conflict of “{title}” is not committed.', { title }),
  proving: (title) => vscode.l10n.t('Nothing conflicts in “{title}” any more; its checks run.', { title }),
  gone: (title) =>
    vscode.l10n.t('The merge in the worktree of “{title}” is over; nothing was committed.', { title }),
  under_way: (title) => vscode.l10n.t('Git is not through with the merge of “{title}” yet.', { title }),
};

async function show(tools: Tools, rig: OpenRig, bead: Bead): Promise<void> {
  const resolving = resolvingOf(rig, bead);
  if (resolving?.merge == null) return;
  await openMergeEditors(rig, bead, resolving);
  const done = vscode.l10n.t('Resolution Is Done');
  const abandon = vscode.l10n.t('Abandon');
  const message = vscode.l10n.t(
    'Resolve “{title}” in its files. Nothing lands before the checks have passed on what you make of it.',
    { title: titleOf(bead) },
  );
  const said = await vscode.window.showInformationMessage(message, done, abandon);
  if (said === done) await finish(tools, rig, bead, false);
  else if (said === abandon) await tools.wish(rig.control, { type: 'abandonResolution', bead: bead.id });
}

async function finish(tools: Tools, rig: OpenRig, bead: Bead, asIs: boolean): Promise<void> {
  // What stands in an editor and not in its file would be left out.
  const worktree = worktreeOf(rig, bead);
  const unsaved = vscode.workspace.textDocuments.filter(
    (one) => one.isDirty && worktree !== null && one.uri.fsPath.startsWith(worktree),
  );
  for (const document of unsaved) await document.save();
  const how = await settled(tools, rig, bead, { type: 'finishResolution', bead: bead.id, asIs });
  if (how === null || how.end === 'proving') return;
  const { marked = [], undecided = [] } = how.end === 'open' ? (resolvingOf(rig, bead) ?? {}) : {};
  if (marked.length > 0) {
    tell(vscode.l10n.t('Conflict markers are left in {files}.', { files: listed(marked) }));
    return;
  }
  if (undecided.length === 0) {
    tellEnd(tools, bead, how);
    return;
  }
  const yes = await confirmed(
    vscode.l10n.t('Take {files} as they stand in the worktree?', { files: listed(undecided) }),
    vscode.l10n.t('Git cannot merge them by their lines: one side deleted them, or they are not text.'),
    vscode.l10n.t('Take Them'),
  );
  if (yes) await finish(tools, rig, bead, true);
}

function worktreeOf({ control: { state } }: OpenRig, { id }: Bead): string | null {
  const polecat = state.beads[id]?.polecat ?? null;
  return polecat === null ? null : (state.polecats[polecat]?.worktree ?? null);
}

const mostNamed = 5;

function listed(files: readonly string[]): string {
  const more = files.length - mostNamed;
  const named = files.slice(0, mostNamed).map((one) => withoutMarkup(plain(one, 100)));
  return [...named, ...(more > 0 ? [`+${String(more)}`] : [])].join(', ');
}

function titleOf({ title }: Bead): string {
  return withoutMarkup(plain(title));
}
