import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Lease, type Repository } from '../ports/git.ts';
import { gitDirsOf } from './gitDirs.ts';
import { dropOwnFile } from './ownFile.ts';
import { isMissing } from './place.ts';
import { assertLease, leaseRef, noObject, transact } from './refs.ts';
import { type RunGit, lineOf } from './run.ts';
import { textIn } from './worktrees.ts';

const tries = 8;
/**
 * A transaction holds the lease's lock for milliseconds, and only Rigs takes it. The pause is the one after which an
 * owner elsewhere counts as gone, so that a machine that is merely slow keeps its lock.
 */
const deadLockMs = 60_000;
const lineLimit = 1000;

/** What `refs/rigs/lease` leads to. `lease` null: not a lease of Rigs. `blob` null: no ref, or one that cannot be read. */
interface Standing {
  readonly blob: string | null;
  readonly lease: Held | null;
  readonly readable: boolean;
}
interface Held extends Lease {
  readonly holder: string;
}

/** The leases this process's git has taken. From then on every `moveRefs` there verifies its own. */
export class Leases {
  readonly #holder = randomUUID();
  readonly #held = new Map<string, string>();

  /** The object the lease must lead to for a ref to move; null when none was taken in this repository. */
  of(commonDir: string): string | null {
    return this.#held.get(commonDir) ?? null;
  }

  /** Throws `fenced` when an owner of the same rig has taken it under this epoch or a later one. */
  async take(git: RunGit, repository: Repository, lease: Lease): Promise<void> {
    const mine = { ...lease, holder: this.#holder };
    const cwd = repository.root;
    const blob = await lineOf(git, ['hash-object', '-w', '--stdin'], { cwd, input: lineFor(mine) });
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const standing = await standingIn(git, repository);
      if (standing.lease !== null) refuseOlder(standing.lease, mine);
      await putDeadLockAside(repository);
      if (await swap(git, repository, standing, blob)) {
        this.#held.set(repository.commonDir, blob);
        return;
      }
    }
    throw new GitError('locked', 'The lease of the rig could not be taken; others kept moving it.');
  }
}

/**
 * The same git, whose moves of refs verify what was taken with `leases`, and which looks at it right before each command
 * that changes files: whoever asked may have slept since it last did. Between look and command stay milliseconds.
 */
export function fenced(git: RunGit, leases: Leases): RunGit {
  const leaseOf = (commonDir: string): string | null => leases.of(commonDir);
  const unfenced = Object.assign((...call: Parameters<RunGit>) => git(...call), { leaseOf });
  const run: RunGit = async (args, options) => {
    const dirs = changesFiles(args) ? gitDirsOf(options.cwd) : null;
    if (dirs !== null) await assertLease(unfenced, { ...nowhere, ...dirs, root: options.cwd });
    return git(args, options);
  };
  return Object.assign(run, { leaseOf });
}
const nowhere = { branch: null, remote: null };

/** Commands that write what a person or an agent sees in a worktree, with the option without which they do not. */
const changing: Readonly<Record<string, string | null>> = {
  checkout: null,
  clean: null,
  'read-tree': '-u',
  'update-index': '--index-info',
};

function changesFiles([command = '', ...options]: readonly string[]): boolean {
  const by = Object.hasOwn(changing, command) ? changing[command] : undefined;
  return by !== undefined && (by === null || options.includes(by));
}

function lineFor({ rig, epoch, holder }: Held): string {
  if (!/^[\w.:-]{1,200}$/.test(rig) || !Number.isSafeInteger(epoch) || epoch < 0) {
    throw new GitError('bad_name', `${JSON.stringify(rig)} ${String(epoch)} cannot be written as a lease.`);
  }
  return `rig ${rig} epoch ${String(epoch)} holder ${holder}\n`;
}
const line = /^rig ([\w.:-]{1,200}) epoch (\d{1,16}) holder ([\w-]{1,100})\n$/;

function leaseFrom(text: string): Held | null {
  const [, rig, epoch, holder] = line.exec(text) ?? [];
  if (rig === undefined || epoch === undefined || holder === undefined) return null;
  return { rig, epoch: Number(epoch), holder };
}

/** A repository copied with all its refs brings the lease of the rig it was copied from: that one binds nobody here. */
function refuseOlder(standing: Held, mine: Held): void {
  const own = standing.holder === mine.holder && standing.epoch === mine.epoch;
  if (standing.rig !== mine.rig || standing.epoch < mine.epoch || own) return;
  throw new GitError(
    'fenced',
    `Epoch ${String(standing.epoch)} has taken the rig over from epoch ${String(mine.epoch)}.`,
  );
}

async function standingIn(git: RunGit, repository: Repository): Promise<Standing> {
  const cwd = repository.root;
  const named = ['rev-parse', '--verify', '--quiet', '--end-of-options', leaseRef];
  const blob = await lineOf(git, named, { cwd, answers: [0, 1, 128] });
  if (blob === '') return { blob: null, lease: null, readable: false };
  const options = { cwd, answers: [0, 128], maxBytes: lineLimit };
  const { code, stdout } = await git(['cat-file', 'blob', blob], options);
  if (code === 0) return { blob, lease: leaseFrom(stdout.toString('utf8')), readable: true };
  const there = await git(['cat-file', '-e', blob], { cwd, answers: [0, 1, 128] });
  return { blob, lease: null, readable: there.code === 0 };
}

/** Compare-and-swap from what stands. What is no lease may be somebody's: its object stays reachable. */
async function swap(git: RunGit, repository: Repository, standing: Standing, to: string): Promise<boolean> {
  const from = standing.blob ?? noObject.padEnd(to.length, '0');
  const kept = standing.readable && standing.lease === null ? standing.blob : null;
  const keep = kept === null ? [] : [`update refs/rigs/saved/lease/${kept}\0${kept}\0\0`];
  // Not through a symbolic ref, which would move a branch.
  const move = ['option no-deref\0', `update ${leaseRef}\0${to}\0${from}\0`];
  const refused = await transact(git, repository, [...move, ...keep], 'rigs: take the lease');
  if (refused === null) return true;
  if (refused.includes('exists; cannot create')) {
    throw new GitError('taken', `${leaseRef} is taken: other refs stand below it.`, refused);
  }
  if (refused.includes('reference broken')) await putBrokenAside(repository);
  else if (!/\.lock'?: File exists|but expected|reference already exists|unable to resolve/.test(refused)) {
    throw new GitError('failed', 'The lease of the rig could not be taken.', refused);
  }
  return false;
}

/**
 * A power cut may leave a ref's file empty or torn, and git refuses it for ever. Put aside under git's own lock, so
 * that no whole one, written meanwhile, goes.
 */
async function putBrokenAside(repository: Repository): Promise<void> {
  const file = fileOf(repository);
  const lock = await openNew(`${file}.lock`);
  if (lock === null) return;
  try {
    const text = await textIn(file);
    const whole = text !== null && /^([0-9a-f]{40,64}|ref: \S+)\s*$/.test(text);
    if (text !== null && !whole) await putAside(repository, file);
  } finally {
    await lock.close();
    await dropOwnFile(`${file}.lock`);
  }
}

/** What a killed git left locks every move of the rig; no other program locks this ref. */
async function putDeadLockAside(repository: Repository): Promise<void> {
  const lock = `${fileOf(repository)}.lock`;
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > deadLockMs) await putAside(repository, lock);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function putAside(repository: Repository, file: string): Promise<void> {
  const folder = path.join(repository.commonDir, 'rigs', 'aside');
  await mkdir(folder, { recursive: true });
  await rename(file, path.join(folder, `${path.basename(file)}-${randomUUID()}`));
}

function fileOf(repository: Repository): string {
  return path.join(repository.commonDir, ...leaseRef.split('/'));
}

async function openNew(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
}
