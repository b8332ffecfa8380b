import { GitError } from '../ports/git.ts';
import { StoreError } from '../ports/store.ts';

/** Another process owns the rig now; git's refs may tell of it before the journal does. */
export function isFence(error: unknown): boolean {
  return GitError.is(error, 'fenced') || (error instanceof StoreError && error.reason === 'fenced');
}

/** Facts of a `hand.failed` line: what was being done, and what came in its way. */
export function failure(
  action: string,
  error: unknown,
): { readonly action: string; readonly message: string } {
  const detail = GitError.is(error) ? ` ${error.detail}` : '';
  return { action, message: (error instanceof Error ? error.message : String(error)) + detail };
}
