import * as vscode from 'vscode';
import type { Control } from '../../foreman/control.ts';
import { placesOf } from '../../foreman/places.ts';
import { SeenRig } from '../../foreman/seenRig.ts';
import { type FollowedRig, followRig } from '../../gateway/followedRig.ts';
import { AccountError } from '../../ports/account.ts';
import { GitError, type Repository } from '../../ports/git.ts';
import { type Archive, StoreError } from '../../ports/store.ts';
import { archiveIn } from '../../store/archive.ts';
import { existingHomeOf, forgetHome } from '../../store/home.ts';
import { type StoreOptions, goOnFromLastGood, openStore } from '../../store/open.ts';
import type { BeadId } from '../../town/ids.ts';
import { reason } from '../../town/reason.ts';
import { commands } from '../contract.ts';
import { withoutMarkup } from '../text.ts';
import type { Mend } from '../town.ts';
import { gitProblem, otherProblem, storeProblem } from './problems.ts';

/** Follows the window that owns a rig, through its door. */
export async function follow(repository: Repository): Promise<FollowedRig> {
  const folder = await existingHomeOf(repository.commonDir);
  const home = placesOf(repository, folder, null).door;
  const archive = (inState: (id: BeadId) => boolean): Archive => archiveIn(folder, inState);
  return followRig({ home, repository, archive, patienceMs: 5_000 });
}

/** A person may not look at the trees; views that are empty because nothing could be read must not pass for empty. */
export async function offerMend(
  name: string,
  { commonDir, root }: Repository,
  error: StoreError,
): Promise<void> {
  if (error.reason !== 'damaged' && error.reason !== 'pointer_leads_nowhere') return;
  const mend = vscode.l10n.t('Mend Rig…');
  const message = `${withoutMarkup(name)}: ${withoutMarkup(storeProblem(error))}`;
  if ((await vscode.window.showWarningMessage(message, mend)) !== mend) return;
  // A damaged rig is shown and known by its repository, one that is gone by its folder.
  const rig = error.reason === 'damaged' ? commonDir : root;
  await vscode.commands.executeCommand(commands.mendRig, { kind: 'rig', rig });
}

/** What can be read of a damaged memory. */
export async function see(
  repository: Repository,
  memory: StoreOptions,
  damage: StoreError,
): Promise<{ readonly control: Control; readonly close: () => Promise<void> }> {
  const store = await openStore({ ...memory, mode: 'reader', tolerant: true });
  const message = (store.damage ?? damage).message;
  const control = new SeenRig(repository, store, reason('store_read_only', { message }));
  return { control, close: () => store.close() };
}

/** Each keeps every byte of what was there. */
export const mends: Readonly<Record<Mend, (memory: StoreOptions) => Promise<void>>> = {
  startAfresh: ({ commonDir, clock }) => forgetHome(commonDir, clock),
  goOnFromLastGood: async (memory) => {
    await (await goOnFromLastGood(memory)).close();
  },
};

export function problemOf(error: unknown, folder: string): string {
  if (GitError.is(error)) return gitProblem(error, folder);
  // Its own words name the file and the mend.
  if (AccountError.is(error)) return error.message;
  return error instanceof StoreError ? storeProblem(error) : otherProblem(error);
}
