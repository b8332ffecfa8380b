import * as vscode from 'vscode';
import type { GitError, GitErrorReason } from '../../ports/git.ts';
import type { StoreError, StoreErrorReason } from '../../ports/store.ts';

/** What is wrong with a folder and how to mend it, for people. */
export function gitProblem(error: GitError, folder: string): string {
  const sentences: Readonly<Record<GitErrorReason, string>> = {
    git_missing: vscode.l10n.t(
      'Git was not found. Install it, or name it in the setting git.path, and reload the window.',
    ),
    git_too_old: vscode.l10n.t('{0} Install a newer git and reload the window.', error.message),
    not_a_repository: vscode.l10n.t(
      '{0} is not in a git repository. Initialize one there, commit, and try again.',
      folder,
    ),
    bare: vscode.l10n.t(
      '{0} is a bare repository, which has no files to work on. Clone it and open the clone.',
      folder,
    ),
    no_commit: vscode.l10n.t('{0} has no commit yet. Make a first commit and try again.', folder),
    no_branch: vscode.l10n.t('{0} Choose another target branch.', error.message),
    bad_name: vscode.l10n.t('{0} Choose another name.', error.message),
    taken: vscode.l10n.t('{0} Rigs left it alone; move it away or choose another place.', error.message),
    no_target: vscode.l10n.t(
      '{0} Check out the branch that work should land on, or name it in the setting rigs.target.',
      error.message,
    ),
    locked: vscode.l10n.t('Git is busy in {0}: {1}', folder, error.detail),
    unsafe_config: vscode.l10n.t(
      '{0} If it is yours, set it in your own git configuration instead (git config --global); if it is not, remove it from {1}. It says: {2}',
      error.message,
      folder,
      error.detail,
    ),
    fenced: vscode.l10n.t(
      'Another window has taken {0} over; this one changes nothing there any more. Reload the window to follow it.',
      folder,
    ),
    failed: vscode.l10n.t('Git failed in {0}: {1}', folder, error.detail || error.message),
  };
  return sentences[error.reason];
}

/** What nobody foresaw; the log has the rest. */
export function otherProblem(error: unknown): string {
  return vscode.l10n.t('It could not be opened: {message} Show Log has the details.', {
    message: error instanceof Error ? error.message : String(error),
  });
}

export function storeProblem(error: StoreError): string {
  const mends: Readonly<Record<StoreErrorReason, string>> = {
    append_failed: vscode.l10n.t(
      'Free some space or restore the permissions; the rig is then opened again by itself.',
    ),
    damaged: vscode.l10n.t(
      'Nothing was thrown away. Restore the file from a backup and open the rig again, or go on from the last good entry (Mend Rig…).',
    ),
    newer_schema: vscode.l10n.t('Update Rigs to the version that wrote it.'),
    pointer_leads_nowhere: vscode.l10n.t(
      'Bring the folder back and open the rig again, or start it afresh (Mend Rig…).',
    ),
    owned_elsewhere: vscode.l10n.t(
      'Work with the rig in that window, or close it: this window then takes the rig over by itself.',
    ),
    not_readable: vscode.l10n.t('Ask that user to give you access, or work on a clone of your own.'),
    fenced: vscode.l10n.t('Reload the window to follow the rig, or close the other window to take it over.'),
    not_writable: vscode.l10n.t('Make the folder writable; the rig is then opened again by itself.'),
  };
  // A row shows only the first words.
  const leads: Partial<Record<StoreErrorReason, string>> = {
    damaged: vscode.l10n.t('Its memory is damaged.'),
    pointer_leads_nowhere: vscode.l10n.t('Its memory is gone.'),
    newer_schema: vscode.l10n.t('A newer Rigs wrote its memory.'),
    not_readable: vscode.l10n.t('Its memory cannot be read.'),
    not_writable: vscode.l10n.t('Its memory cannot be written.'),
  };
  return [leads[error.reason], error.message, mends[error.reason]].filter(Boolean).join(' ');
}
