import type { LeftOut } from '../ports/git.ts';
import type { Facts } from '../town/reason.ts';
import { type Telling, names, text } from './facts.ts';

/** Why a worktree does not have what `.worktreeinclude` or the setting names, and what mends it. */
export function leftOutLine(facts: Facts, telling: Telling): string {
  const why = text(facts, 'why');
  const say = Object.hasOwn(lines, why) ? lines[why as LeftOut['why']] : undefined;
  return say === undefined
    ? telling.t('Not brought into the worktree: {paths}', { paths: names(facts, 'paths') })
    : say(telling, { paths: names(facts, 'paths') });
}

type Line = (telling: Telling, holes: { readonly paths: string }) => string;

const lines: Readonly<Record<LeftOut['why'], Line>> = {
  not_ignored: ({ t }, f) =>
    t(
      'Not brought into the worktree, because git would commit it there: {paths}. Add it to .gitignore on the target branch; for a linked folder without a slash at its end.',
      f,
    ),
  too_large: ({ t }, f) =>
    t(
      'Too large to be copied into the worktree: {paths}. At most 16 MB a file and 64 MB in all; name its folder in rigs.worktree.share instead.',
      f,
    ),
  too_many: ({ t }, f) =>
    t(
      'Too many files to be copied into the worktree: {paths}. At most 2,000; name the folder in rigs.worktree.share instead.',
      f,
    ),
  leads_out: ({ t }, f) =>
    t('Not brought into the worktree, because a link there leads out of the repository: {paths}', f),
  unreadable: ({ t }, f) => t('Not brought into the worktree, because it cannot be read: {paths}', f),
  not_a_file: ({ t }, f) => t('Not brought into the worktree, because it is no file: {paths}', f),
  bad_path: ({ t }, f) =>
    t(
      'Not brought into the worktree, because it is no path inside the repository: {paths}. Mend rigs.worktree.share.',
      f,
    ),
  missing: ({ t }, f) =>
    t('Not shared with the worktree, because your checkout has no such folder: {paths}', f),
  taken: ({ t }, f) =>
    t('Not brought into the worktree, because a file of that name stands there: {paths}', f),
};
