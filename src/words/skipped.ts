import type { CheckResult, Unseen } from '../town/check.ts';
import type { Translate, Words } from './translate.ts';

const unseenWords: Words<Unseen> = {
  no_editor: (t) => t('no editor looked at it'),
  too_many: (t) => t('more files changed than an editor is asked about'),
  not_moved: (t) => t('a program still holds its worktree'),
  unseen: (t) => t('no language server said anything of the changed files in Rigs’ worktree'),
};

/** Why a check that was skipped did not run, as what follows a colon. */
export function whySkipped({ unseen }: Pick<CheckResult, 'unseen'>, t: Translate): string {
  return unseen === undefined ? t('nothing it is for has changed') : unseenWords[unseen](t);
}

export function isUnseen(word: unknown): word is Unseen {
  return typeof word === 'string' && Object.hasOwn(unseenWords, word);
}
