import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { commitFrom } from './refs.ts';

/** Objects beside a repository that are gone when the work is done. */
export interface ScratchObjects {
  /** Environment of a git that reads them besides the repository's. What it makes goes into the repository. */
  readonly besides: Readonly<Record<string, string>>;
  /** Environment of a git that puts here all that it makes. */
  readonly instead: Readonly<Record<string, string>>;
  /** A commit that exists only here, without starting git. */
  commit(tree: string, parent: CommitId): Promise<CommitId>;
}

export async function withScratchObjects<T>(
  { commonDir }: Repository,
  work: (scratch: ScratchObjects) => Promise<T>,
): Promise<T> {
  return withScratchFolder((folder) =>
    work({
      besides: { GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(folder) },
      instead: {
        GIT_OBJECT_DIRECTORY: folder,
        GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(path.join(commonDir, 'objects')),
      },
      commit: (tree, parent) => writeCommit(folder, tree, parent),
    }),
  );
}

/** A folder that is gone when the work is done. */
export async function withScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  // At once: a few small files, and a turn of the thread pool for each costs more than all of the merge.
  const folder = mkdtempSync(path.join(tmpdir(), 'rigs-objects-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Later than any commit is, so that a look for a merge base meets it first and does not walk all history. */
const who = 'Rigs <rigs@localhost> 4102444800 +0000';

async function writeCommit(folder: string, tree: string, parent: CommitId): Promise<CommitId> {
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n\n`;
  const object = `commit ${String(text.length)}\0${text}`;
  const id = createHash(tree.length === 40 ? 'sha1' : 'sha256')
    .update(object)
    .digest('hex');
  const inside = path.join(folder, id.slice(0, 2));
  await mkdir(inside, { recursive: true });
  await writeFile(path.join(inside, id.slice(2)), deflateSync(object));
  return commitFrom(id);
}

/** One entry of a list of paths as git reads it, whatever the path holds. */
function quoted(folder: string): string {
  return `"${folder.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
