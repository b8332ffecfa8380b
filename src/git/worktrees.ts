import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { writeDurably } from '../system/durableFile.ts';
import { type CommitId, parseCommitId } from '../town/ids.ts';
import { linkIn } from './gitDirs.ts';
import { dropOwnFile } from './ownFile.ts';
import { isMissing, realPlace } from './place.ts';
import { noObject } from './refs.ts';
import { type RunGit, listOf } from './run.ts';

/** One worktree as git lists it; the main one comes first. */
export interface Worktree {
  readonly path: string;
  readonly head: CommitId | null;
  /** Short name of the branch that is checked out; null when detached. */
  readonly branch: string | null;
  readonly bare: boolean;
  /** Why it is locked, empty without a reason; null when it is not. */
  readonly locked: string | null;
}

export async function worktreesOf(git: RunGit, cwd: string): Promise<readonly Worktree[]> {
  const lines = await listOf(git, ['worktree', 'list', '--porcelain', '-z'], { cwd });
  return blocks(lines).map(parse);
}

function blocks(lines: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [[]];
  for (const line of lines) {
    if (line === '') found.push([]);
    else found.at(-1)?.push(line);
  }
  return found.filter((block) => block.length > 0);
}

function parse(lines: readonly string[]): Worktree {
  const value = (name: string): string | null => {
    const line = lines.find((one) => one === name || one.startsWith(`${name} `));
    return line === undefined ? null : line.slice(name.length + 1);
  };
  const head = value('HEAD');
  return {
    path: value('worktree') ?? '',
    head: head === null || head.startsWith(noObject) ? null : parseCommitId(head),
    branch: value('branch')?.replace(/^refs\/heads\//, '') ?? null,
    bare: value('bare') !== null,
    locked: value('locked'),
  };
}

/** The listed worktree at a place, whether or not its folder still stands. */
export async function worktreeAt(git: RunGit, cwd: string, place: string): Promise<Worktree | null> {
  const wanted = await realPlace(place);
  for (const worktree of await worktreesOf(git, cwd)) {
    if ((await realPlace(worktree.path)) === wanted) return worktree;
  }
  return null;
}

/** The folder in which git keeps a linked worktree's HEAD and index; null when none is registered there. */
export async function adminOf(commonDir: string, place: string): Promise<string | null> {
  const wanted = await realPlace(place);
  const folder = path.join(commonDir, 'worktrees');
  const link = linkIn((await textIn(path.join(wanted, '.git'))) ?? '');
  const named = link === null ? null : path.resolve(wanted, link);
  // Nearly always they name each other, and the other registrations need not be read.
  if (named !== null && path.dirname(named) === folder && (await placeOf(named)) === wanted) return named;
  const admins = (await namesIn(folder)).map((name) => path.join(folder, name));
  const places = await Promise.all(
    admins.map(async (admin) => {
      const written = await placeWritten(admin);
      // Git writes real paths; one whose end is the same may have become a link further up.
      const alike =
        written !== null && written !== wanted && path.basename(written) === path.basename(wanted);
      return alike ? placeOf(admin) : written;
    }),
  );
  return admins[places.indexOf(wanted)] ?? null;
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A small file's text; null when there is no such file. */
export async function textIn(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const isFolder = error instanceof Error && 'code' in error && error.code === 'EISDIR';
    if (isMissing(error) || isFolder) return null;
    throw error;
  }
}

/** What Rigs writes beside a worktree's HEAD to know its own again. */
export interface Mark {
  /** The polecat's branch; null: detached, for proving or as a spare. */
  readonly branch: string | null;
  /** Made ahead, and nobody's yet. */
  readonly spare: boolean;
  /** It could not be read; an agent can write it. All that such a worktree holds counts as somebody's work. */
  readonly damaged?: true;
}
const markName = 'rigs-worktree.json';

/** Durable: a polecat's worktree that passed for a spare again after a power cut would lose its work. */
export async function writeMark(admin: string, mark: Mark): Promise<void> {
  await writeDurably(path.join(admin, markName), JSON.stringify(mark));
}

/** Null when the worktree is not Rigs'. */
export async function readMark(admin: string): Promise<Mark | null> {
  const text = await textIn(path.join(admin, markName));
  if (text === null) return null;
  try {
    return markFrom(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return damaged;
    throw error;
  }
}

/** Rigs' own, and its branch is left where it is. */
const damaged: Mark = { branch: null, spare: false, damaged: true };
/** It becomes part of a path and of a ref. */
const plainBranch = /^(?!.*\.\.)[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

function markFrom(parsed: unknown): Mark {
  if (!isRecord(parsed)) return damaged;
  const { branch, spare } = parsed;
  const known = branch === null || (typeof branch === 'string' && plainBranch.test(branch));
  return known && typeof spare === 'boolean' ? { branch, spare } : damaged;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Where a registration says that its worktree stands; null when it says nothing. Real as far as it is there. */
export async function placeOf(admin: string): Promise<string | null> {
  const written = await placeWritten(admin);
  return written === null ? null : realPlace(written);
}

async function placeWritten(admin: string): Promise<string | null> {
  const pointer = (await textIn(path.join(admin, 'gitdir')))?.replace(/[\r\n]+$/, '') ?? '';
  // Since git 2.48 it may be relative to the folder it stands in.
  return pointer === '' ? null : path.dirname(path.resolve(admin, pointer));
}

/** Git's own word for a worktree that is being made: it prunes none that is locked so, and no person writes it. */
export const initializing = 'initializing';

/** Tells a registration where its worktree stands, as `git worktree repair` would, and that it is no longer moved. */
export async function point(admin: string, place: string): Promise<void> {
  await writeDurably(path.join(admin, 'gitdir'), `${path.join(await realPlace(place), '.git')}\n`);
  await dropOwnFile(path.join(admin, 'locked'));
}
