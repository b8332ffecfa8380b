import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import { realFiles } from '../system/realFiles.ts';
import { syncReadOnly } from '../system/syncFile.ts';
import type { CommitId } from '../town/ids.ts';
import { exists } from './place.ts';
import { refsAt } from './refs.ts';
import { type RunGit, textOf } from './run.ts';
import { namesIn, textIn } from './worktrees.ts';

/** How files and names get onto the disk. */
export interface Syncs {
  /** Returns the file's bytes; rejects with `ENOENT` when there is none. */
  file(path: string): Promise<number>;
  folder(path: string): Promise<void>;
}
export const realSyncs: Syncs = {
  file: syncReadOnly,
  folder: (path) => realFiles.syncFolder(path),
};

/** Node has four threads for files; more only wait. */
const atOnce = 4;
const packFiles = /\.(pack|idx|rev|mtimes)$|^multi-pack-index/;

/**
 * Returns once all that `base..commit` added is on the disk, whoever's git wrote it: an agent's own syncs neither loose
 * objects nor, before 2.36, refs. Objects first, so that no ref that is there names one that is not.
 */
export async function makeDurable(
  git: RunGit,
  repository: Repository,
  base: CommitId,
  commit: CommitId,
  syncs: Syncs = realSyncs,
): Promise<void> {
  const args = ['rev-list', '--objects', '--no-object-names', commit, `^${base}`];
  const ids = (await textOf(git, args, { cwd: repository.root })).split('\n').filter((id) => id !== '');
  const stores = await objectStores(path.join(repository.commonDir, 'objects'));
  const folders = new Set<string>();
  const packed: string[] = [];
  await each(ids, async (id) => {
    const folder = await syncLoose(stores, id, syncs);
    if (folder === null) packed.push(id);
    else folders.add(folder).add(path.dirname(folder));
  });
  if (packed.length > 0) {
    await assertThere(git, repository, packed);
    for (const store of stores) await syncAll(path.join(store, 'pack'), packFiles, syncs, folders);
  }
  await each([...folders], (folder) => syncs.folder(folder));
  await syncNames(git, repository, commit, syncs);
}

/** The repository's folder of objects, and those it borrows from. */
async function objectStores(first: string): Promise<readonly string[]> {
  const found = [first];
  for (const store of found) {
    const lines = ((await textIn(path.join(store, 'info', 'alternates'))) ?? '').split('\n');
    for (const line of lines) {
      if (line === '' || line.startsWith('#')) continue;
      const other = path.resolve(store, line);
      if (!found.includes(other)) found.push(other);
    }
  }
  return found;
}

/** The folder it stands in; null when it is nowhere by itself. */
async function syncLoose(stores: readonly string[], id: string, syncs: Syncs): Promise<string | null> {
  for (const store of stores) {
    const folder = path.join(store, id.slice(0, 2));
    const bytes = await ifThere(syncs.file(path.join(folder, id.slice(2))));
    if (bytes === null) continue;
    if (bytes === 0) throw new GitError('failed', `The object ${id} is an empty file.`);
    return folder;
  }
  return null;
}

async function assertThere(git: RunGit, repository: Repository, ids: readonly string[]): Promise<void> {
  const input = ids.map((id) => `${id}\n`).join('');
  const answer = await textOf(git, ['cat-file', '--batch-check'], { cwd: repository.root, input });
  const missing = answer.split('\n').find((line) => line.endsWith(' missing'));
  if (missing !== undefined)
    throw new GitError('failed', `An object is missing: ${missing.split(' ')[0] ?? ''}.`);
}

/** What leads to the commit: branches by file, by list or by table, and the HEAD of a worktree that has none. */
async function syncNames(git: RunGit, repository: Repository, commit: CommitId, syncs: Syncs): Promise<void> {
  const { commonDir } = repository;
  const folders = new Set<string>();
  for (const ref of await refsAt(git, repository, commit, 'refs/')) {
    const file = path.join(commonDir, ...ref.split('/'));
    if ((await ifThere(syncs.file(file))) === null) continue;
    for (let folder = path.dirname(file); folder !== commonDir; folder = path.dirname(folder))
      folders.add(folder);
  }
  if ((await ifThere(syncs.file(path.join(commonDir, 'packed-refs')))) !== null) folders.add(commonDir);
  await syncAll(path.join(commonDir, 'reftable'), /./, syncs, folders);
  for (const name of await namesIn(path.join(commonDir, 'worktrees'))) {
    const admin = path.join(commonDir, 'worktrees', name);
    if ((await textIn(path.join(admin, 'HEAD')))?.trim() !== commit) continue;
    await syncs.file(path.join(admin, 'HEAD'));
    folders.add(admin);
  }
  for (const folder of folders) await syncs.folder(folder);
}

async function syncAll(folder: string, names: RegExp, syncs: Syncs, folders: Set<string>): Promise<void> {
  const wanted = (await namesIn(folder)).filter((name) => names.test(name));
  // One may have been repacked away since; what it held is in another then.
  await each(wanted, async (name) => {
    await ifThere(syncs.file(path.join(folder, name)));
  });
  if (await exists(folder)) folders.add(folder);
}

async function ifThere(sync: Promise<number>): Promise<number | null> {
  try {
    return await sync;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const worker = async (): Promise<void> => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
