import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { mergeTreeArgs } from './mergeTree.ts';
import { type RunGit, listOf } from './run.ts';

/** A text file of which both sides have another version, by the objects that hold them. */
export interface ConflictedFile {
  readonly path: string;
  readonly mode: string;
  /** Null: both sides added it. */
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
  /** As git merged it, with markers. */
  readonly marked: string;
}

export interface Conflicted {
  /** With the markers in it. */
  readonly tree: string;
  readonly files: readonly ConflictedFile[];
  /** False: something conflicts besides, that is no matter of a file's lines. */
  readonly whole: boolean;
}

interface Sides {
  readonly ours: CommitId;
  readonly theirs: CommitId;
}

/** More at once is a matter for somebody who understands it. */
const mostFiles = 50;
const plainMode = /^100(644|755)$/;

/** What of two commits conflicts, file by file; null when they merge cleanly. Makes objects and nothing else. */
export async function conflictedIn(
  git: RunGit,
  repository: Repository,
  { ours, theirs }: Sides,
): Promise<Conflicted | null> {
  const args = mergeTreeArgs(repository, repository.commonDir, '--messages', ours, theirs);
  const ran = await git(
    args.filter((one) => one !== '--name-only'),
    { cwd: repository.root, answers: [0, 1] },
  );
  if (ran.code === 0) return null;
  const [tree = '', ...rest] = ran.stdout.toString('utf8').split('\0');
  const end = rest.indexOf('');
  const stages = stagesIn(rest.slice(0, Math.max(0, end)));
  const plain = [...stages].filter(([, found]) => isPlain(found)).slice(0, mostFiles);
  const marked = await entriesOf(git, repository, tree, [...stages.keys()]);
  const files = plain.flatMap(([path, found]): readonly ConflictedFile[] => {
    const entry = marked.get(path);
    const [, base, own, other] = found;
    if (entry === undefined || own === undefined || other === undefined) return [];
    const { mode, object } = entry;
    return [
      { path, mode, base: base?.object ?? null, ours: own.object, theirs: other.object, marked: object },
    ];
  });
  return { tree, files, whole: files.length === stages.size && !speaksOfMore(rest.slice(end + 1)) };
}

interface Entry {
  readonly mode: string;
  readonly object: string;
}
/** By stage: 1 the base, 2 ours, 3 theirs. */
type Stages = readonly (Entry | undefined)[];

function stagesIn(fields: readonly string[]): ReadonlyMap<string, Stages> {
  const found = new Map<string, (Entry | undefined)[]>();
  for (const field of fields) {
    const tab = field.indexOf('\t');
    const [mode = '', object = '', stage = ''] = field.slice(0, tab).split(' ');
    const path = field.slice(tab + 1);
    const stages = found.get(path) ?? [];
    stages[Number(stage)] = { mode, object };
    found.set(path, stages);
  }
  return found;
}

function isPlain([, base, ours, theirs]: Stages): boolean {
  if (ours === undefined || theirs === undefined) return false;
  return [base, ours, theirs].every((one) => one === undefined || plainMode.test(one.mode));
}

/** Each message: how many paths, the paths, its kind, its words. */
function speaksOfMore(fields: readonly string[]): boolean {
  for (let index = 0; index < fields.length;) {
    const paths = Number(fields[index]);
    if (fields[index] === '' || !Number.isSafeInteger(paths)) return false;
    const kind = fields[index + paths + 1] ?? '';
    if (kind.startsWith('CONFLICT') && kind !== 'CONFLICT (contents)') return true;
    index += paths + 3;
  }
  return false;
}

/** Files of a tree, by path. */
export async function entriesOf(
  git: RunGit,
  repository: Repository,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Entry>> {
  if (paths.length === 0) return new Map();
  const args = ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', tree, '--', ...paths];
  const lines = await listOf(git, args, { cwd: repository.root });
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
      return [line.slice(tab + 1), { mode, object }] as const;
    }),
  );
}

/** What markers git leaves; a file that merely speaks of them has not both. */
export function hasMarkers(text: Buffer): boolean {
  const words = text.toString('latin1');
  return /^<{7}( |\r?$)/m.test(words) && /^>{7}( |\r?$)/m.test(words);
}
