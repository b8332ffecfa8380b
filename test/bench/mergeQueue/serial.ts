import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Branches } from './branches.ts';
import { timed } from '../ratio.ts';

const run = promisify(execFile);

/** What a person writes who has no queue: the check's file first, then the branches. */
export const serialScript = `check=$1; shift
git checkout --quiet --detach main
for branch in "$@"; do
  if git merge --quiet --no-ff -m "Merge $branch" "$branch" && sh "$check"; then
    git update-ref refs/heads/main HEAD
  else
    git merge --abort 2>/dev/null
    git reset --quiet --hard main
  fi
done
`;

/** Lands what passes, one after the other; ms. */
export function landSerially({ check, folder, names }: Branches): Promise<number> {
  return timed(() => run('sh', ['-c', serialScript, 'serial', check, ...names], { cwd: folder }));
}
