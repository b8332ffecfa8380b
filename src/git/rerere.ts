import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import { bytesIfThere, readIfThere } from '../system/readIfThere.ts';
import type { ConflictedFile } from './conflicted.ts';
import type { Lesson } from './lessons.ts';
import type { RunGit } from './run.ts';

/** More is no file that somebody settles by hand. */
const mostBytes = 2 * 1024 * 1024;

/** Conflicting files in a folder of their own, where git remembers and replays what was made of them. */
export interface LaidOut {
  /** By path: under which name git knows this very conflict, whatever the file is called. */
  readonly conflicts: ReadonlyMap<string, string>;
  read(path: string): Promise<Buffer>;
  /** Replays lessons; the paths on which they said all. */
  replay(lessons: readonly Lesson[]): Promise<readonly string[]>;
  /** What was made of files, by path, as lessons. */
  learn(settled: ReadonlyMap<string, Buffer>): Promise<readonly Lesson[]>;
}

/**
 * Beside the person's repository: neither their `rr-cache` nor their configuration is read or written, and nothing of it is
 * left. Files are numbered, because their names may be anything and git tells a conflict by its lines alone.
 */
export async function layOut(
  git: RunGit,
  repository: Repository,
  folder: string,
  files: readonly ConflictedFile[],
): Promise<LaidOut | null> {
  const admin = path.join(folder, '.git');
  const cache = path.join(admin, 'rr-cache');
  const nameOf = new Map(files.map((one, index) => [one.path, `f${String(index)}`]));
  const pathOf = new Map(files.map((one, index) => [`f${String(index)}`, one.path]));
  const fileAt = (one: string): string => path.join(folder, nameOf.get(one) ?? '');
  const run = async (args: readonly string[], input?: string): Promise<void> => {
    const settings = [
      'rerere.enabled=true',
      'rerere.autoUpdate=false',
      'core.autocrlf=false',
      'core.fsync=none',
    ];
    const here = ['-C', folder, `--git-dir=${admin}`, `--work-tree=${folder}`];
    const all = [...here, ...settings.flatMap((one) => ['-c', one]), ...args];
    await git(all, { cwd: repository.root, ...(input === undefined ? {} : { input }) });
  };
  await makeAdmin(admin, files);
  for (const { path: one, marked } of files) {
    const text = await blob(git, repository, marked);
    if (text === null) return null;
    await writeFile(fileAt(one), text);
  }
  const entries = files.flatMap((one) => entryLines(one, nameOf.get(one.path) ?? ''));
  await run(['update-index', '-z', '--index-info'], entries.join(''));
  await run(['rerere']);
  const conflicts = await namedIn(admin, pathOf);
  return {
    conflicts,
    read: (one) => readFile(fileAt(one)),
    replay: async (lessons) => {
      for (const { conflict, before, after } of lessons) {
        await mkdir(path.join(cache, conflict), { recursive: true });
        await writeFile(path.join(cache, conflict, 'preimage'), before);
        await writeFile(path.join(cache, conflict, 'postimage'), after);
      }
      // Or git would take the files as they stand for what was made of them.
      await writeFile(path.join(admin, 'MERGE_RR'), '');
      await run(['rerere']);
      const left = await namedIn(admin, pathOf);
      const taught = new Set(lessons.map(({ conflict }) => conflict));
      return [...conflicts].flatMap(([one, name]) => (taught.has(name) && !left.has(one) ? [one] : []));
    },
    learn: async (settled) => {
      for (const [one, text] of settled) await writeFile(fileAt(one), text);
      await run(['rerere']);
      const names = new Set([...conflicts].flatMap(([one, name]) => (settled.has(one) ? [name] : [])));
      const lessons: Lesson[] = [];
      for (const conflict of names) {
        const before = await bytesIfThere(path.join(cache, conflict, 'preimage'));
        const after = await bytesIfThere(path.join(cache, conflict, 'postimage'));
        if (before !== null && after !== null) lessons.push({ conflict, before, after });
      }
      return lessons;
    },
  };
}

async function makeAdmin(admin: string, files: readonly ConflictedFile[]): Promise<void> {
  await mkdir(path.join(admin, 'objects'), { recursive: true });
  await mkdir(path.join(admin, 'refs'));
  await writeFile(path.join(admin, 'HEAD'), 'ref: refs/heads/none\n');
  const isLong = (files[0]?.ours.length ?? 40) > 40;
  const format = isLong
    ? '[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n'
    : '[core]\nrepositoryformatversion = 0\n';
  await writeFile(path.join(admin, 'config'), format);
}

function entryLines({ mode, base, ours, theirs }: ConflictedFile, name: string): readonly string[] {
  const stages = [base, ours, theirs].map((object, index) => ({ object, stage: index + 1 }));
  return stages.flatMap(({ object, stage }) =>
    object === null ? [] : [`${mode} ${object} ${String(stage)}\t${name}\0`],
  );
}

/** `<name>[.<variant>]<tab><path>`, ended by a zero byte each: conflicts that nothing is known of. */
async function namedIn(
  admin: string,
  pathOf: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const lines = ((await readIfThere(path.join(admin, 'MERGE_RR'))) ?? '').split('\0');
  return new Map(
    lines.flatMap((line) => {
      const [name = '', file = ''] = line.split('\t');
      const one = pathOf.get(file);
      return one === undefined ? [] : [[one, name.replace(/\.\d+$/, '')] as const];
    }),
  );
}

/** Null: larger than what is looked at. */
export async function blob(git: RunGit, repository: Repository, object: string): Promise<Buffer | null> {
  const ran = await git(['cat-file', 'blob', object], { cwd: repository.root, maxBytes: mostBytes });
  return ran.cut ? null : ran.stdout;
}
