import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository, SettledMerge, Settling, ToMerge } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { commitTree, readCommits } from './authors.ts';
import { caseClashes } from './caseClash.ts';
import { type Conflicted, type ConflictedFile, conflictedIn, hasMarkers } from './conflicted.ts';
import { wordFor } from './identity.ts';
import { messageText } from './landingMessage.ts';
import { type Lesson, dropLesson, lessonName, readLesson, touchLesson } from './lessons.ts';
import { findMergiraf, mergeByStructure } from './mergiraf.ts';
import { type LaidOut, blob, layOut } from './rerere.ts';
import { type RunGit, lineOf } from './run.ts';
import { withScratchFolder } from './scratchObjects.ts';

interface FileSettled {
  readonly path: string;
  readonly text: Buffer;
  readonly by: SettledMerge['by'][number];
  readonly lesson: string | null;
}

/** Two commits that conflict, merged as it was done before or by syntax, file by file; null when anything is left. */
export async function settleOnto(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  wanted: ToMerge,
  how: Settling,
  signal: AbortSignal,
): Promise<SettledMerge | null> {
  const found = await conflictedIn(git, repository, { ours: onto, theirs: wanted.head });
  if (found?.whole !== true || found.files.length === 0) return null;
  const settled = await withScratchFolder(async (folder) => {
    const laid = await layOut(git, repository, folder, found.files);
    if (laid === null) return null;
    const before = await asBefore(laid, how);
    const rest = found.files.filter(({ path: one }) => !before.some((done) => done.path === one));
    const merged = await byStructure(git, repository, folder, how.structural ? rest : [], signal);
    const all = [...before, ...merged];
    if (all.length < found.files.length) return null;
    return { all, tree: await treeWith(git, repository, folder, found, all) };
  });
  if (settled === null) return null;
  signal.throwIfAborted();
  const commit = await commitOf(git, repository, onto, wanted, settled);
  if (commit === null) return null;
  return {
    commit,
    tree: settled.tree,
    by: [...new Set(settled.all.map(({ by }) => by))],
    files: settled.all.map((one) => one.path),
    lessons: settled.all.flatMap(({ lesson }) => lesson ?? []),
  };
}

async function asBefore(laid: LaidOut, { memory, disowned, now }: Settling): Promise<readonly FileSettled[]> {
  const known = new Map<string, Lesson>();
  for (const conflict of new Set(laid.conflicts.values())) {
    const lesson = await readLesson(memory, conflict);
    if (lesson === null) continue;
    // What failed its checks is forgotten; what is learnt of the same conflict later has another name.
    if (disowned.includes(lessonName(lesson))) await dropLesson(memory, conflict);
    else known.set(conflict, lesson);
  }
  if (known.size === 0) return [];
  const settled: FileSettled[] = [];
  for (const one of await laid.replay([...known.values()])) {
    const text = await laid.read(one);
    const lesson = known.get(laid.conflicts.get(one) ?? '');
    if (lesson === undefined || hasMarkers(text)) continue;
    settled.push({ path: one, text, by: 'memory', lesson: lessonName(lesson) });
    await touchLesson(memory, lesson.conflict, new Date(now));
  }
  return settled;
}

async function byStructure(
  git: RunGit,
  repository: Repository,
  folder: string,
  files: readonly ConflictedFile[],
  signal: AbortSignal,
): Promise<readonly FileSettled[]> {
  const program = files.length === 0 ? null : await findMergiraf();
  if (program === null) return [];
  const room = path.join(folder, 'structure');
  await mkdir(room);
  const settled: FileSettled[] = [];
  for (const file of files) {
    // One file that is left is enough for somebody to be asked.
    if (file.base === null) return settled;
    const objects = [file.base, file.ours, file.theirs];
    const [base, ours, theirs] = await Promise.all(objects.map((one) => blob(git, repository, one)));
    if (base == null || ours == null || theirs == null) return settled;
    const text = await mergeByStructure(program, room, { path: file.path, base, ours, theirs }, signal);
    if (text === null) return settled;
    settled.push({ path: file.path, text, by: 'structure', lesson: null });
  }
  return settled;
}

async function treeWith(
  git: RunGit,
  repository: Repository,
  folder: string,
  { tree, files }: Conflicted,
  settled: readonly FileSettled[],
): Promise<string> {
  const options = { cwd: repository.root, env: { GIT_INDEX_FILE: path.join(folder, 'index') } };
  await git(['read-tree', tree], options);
  const entries: string[] = [];
  for (const { path: one, text } of settled) {
    const place = path.join(folder, 'settled');
    await writeFile(place, text);
    const object = await lineOf(git, ['hash-object', '-w', '--no-filters', '--', place], options);
    const mode = files.find((file) => file.path === one)?.mode ?? '100644';
    entries.push(`${mode} ${object}\t${one}\0`);
  }
  await git(['update-index', '-z', '--index-info'], { ...options, input: entries.join('') });
  return lineOf(git, ['write-tree'], options);
}

/** One commit in every style: what was settled between two ends holds for none of the commits in between. */
async function commitOf(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  { head, style, message, at }: ToMerge,
  { tree, all }: { readonly tree: string; readonly all: readonly FileSettled[] },
): Promise<CommitId | null> {
  const [{ identity, ignoresCase }, read] = await Promise.all([
    wordFor(git, repository.root),
    readCommits(git, repository, ['--no-walk=unsorted', onto, head]),
  ]);
  const base = read.find(({ commit }) => commit === onto);
  const tip = read.find(({ commit }) => commit === head);
  if (base === undefined || tip === undefined) return null;
  if (ignoresCase && (await caseClashes(git, repository, base.tree, tree)).length > 0) return null;
  const { name, email } = tip.author;
  const trailers = all.map(({ path: one, by }) => ['Resolved', `${one} (${words[by]})`] as const);
  const text = messageText({ ...message, trailers: [...message.trailers, ...trailers] });
  const parents = style === 'merge' ? [onto, head] : [onto];
  return commitTree(git, repository, { tree, parents, message: text, author: { name, email }, identity, at });
}

const words = { memory: 'as before', structure: 'by syntax' } as const;
