import type { Repository, Settlement } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { conflictedIn, entriesOf, hasMarkers } from './conflicted.ts';
import { keepLesson } from './lessons.ts';
import { commitFrom } from './refs.ts';
import { blob, layOut } from './rerere.ts';
import { type RunGit, textOf } from './run.ts';
import { withScratchFolder } from './scratchObjects.ts';

/** More of one branch is history, not what somebody settled just now. */
const mostMerges = 20;

/** Remembers what was made of a conflict, so that the same one is settled by itself; how many lessons are new. */
export async function learn(
  git: RunGit,
  repository: Repository,
  memory: string,
  { ours, theirs, settled }: Settlement,
): Promise<number> {
  const found = await conflictedIn(git, repository, { ours, theirs });
  if (found === null || found.files.length === 0) return 0;
  const paths = found.files.map((one) => one.path);
  const entries = await entriesOf(git, repository, settled, paths);
  return withScratchFolder(async (folder) => {
    const laid = await layOut(git, repository, folder, found.files);
    if (laid === null) return 0;
    const made = new Map<string, Buffer>();
    for (const one of laid.conflicts.keys()) {
      const entry = entries.get(one);
      const text = entry === undefined ? null : await blob(git, repository, entry.object);
      if (text !== null && !hasMarkers(text)) made.set(one, text);
    }
    let kept = 0;
    for (const lesson of made.size === 0 ? [] : await laid.learn(made))
      kept += (await keepLesson(memory, lesson)) ? 1 : 0;
    return kept;
  });
}

/** The same of each merge that the branches bring along. */
export async function learnMerges(
  git: RunGit,
  repository: Repository,
  memory: string,
  onto: CommitId,
  heads: readonly CommitId[],
): Promise<number> {
  if (heads.length === 0) return 0;
  const range = [
    '--merges',
    '--first-parent',
    '--parents',
    `--max-count=${String(mostMerges)}`,
    ...heads,
    `^${onto}`,
    '--',
  ];
  const lines = await textOf(git, ['rev-list', ...range], { cwd: repository.root });
  let kept = 0;
  for (const line of lines.split('\n').filter((one) => one !== '')) {
    const [settled, ours, theirs, more] = line.split(' ').map(commitFrom);
    if (settled === undefined || ours === undefined || theirs === undefined || more !== undefined) continue;
    kept += await learn(git, repository, memory, { ours, theirs, settled });
  }
  return kept;
}
