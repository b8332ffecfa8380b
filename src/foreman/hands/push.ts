import type { CommitId } from '../../town/ids.ts';
import { reason } from '../../town/reason.ts';
import { plain } from '../../words/plain.ts';
import type { HandContext } from './context.ts';

/** Pushes exactly what landed to the remote's branch of the same name, never by force, and says what came of it. */
export async function push(
  context: HandContext,
  { commit }: { readonly commit: CommitId },
  signal: AbortSignal,
): Promise<void> {
  const { git, repository } = context;
  const { remote } = repository;
  const { unpushed = null } = context.state().queue;
  if (unpushed?.commit !== commit) return;
  const { target } = unpushed;
  // What was taken out of the target since is not wanted at the remote either.
  const tip = await git.tip(repository, target);
  const isWanted = tip !== null && (await git.isAncestor(repository, commit, tip.commit));
  if (remote === null || !isPushing(context) || !isWanted) {
    await context.wish({ type: 'notPushed', commit, reason: null });
    return;
  }
  const result = await git.push(repository, remote, target, commit, signal);
  signal.throwIfAborted();
  if (result.ok || (result.why === 'rejected' && (await isThere(context, target, commit, signal)))) {
    await context.wish({ type: 'pushed', commit });
    return;
  }
  const facts = { target, remote, commit, detail: plain(result.detail, 400) };
  await context.wish({ type: 'notPushed', commit, reason: reason(`push_${result.why}`, facts) });
}

/** Off by default: Rigs pushes nothing that nobody asked it to. */
export function isPushing({ repository, settings }: Pick<HandContext, 'repository' | 'settings'>): boolean {
  return repository.remote !== null && settings().refinery.push === true;
}

/** Somebody else's push may have taken it along. */
async function isThere(
  { git, repository }: HandContext,
  target: string,
  commit: CommitId,
  signal: AbortSignal,
): Promise<boolean> {
  const [tip, freshest] = [
    await git.tip(repository, target),
    await git.freshestBase(repository, target, signal),
  ];
  return freshest !== tip?.commit && (await git.isAncestor(repository, commit, freshest));
}
