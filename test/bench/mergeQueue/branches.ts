/** A repository with branches to be landed, and a check that notes each of its runs. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CheckDefinition } from '../../../src/town/check.ts';
import { Random } from '../../sim/random.ts';

const run = promisify(execFile);

/** What each branch adds, by its name. */
export type Work = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** 20 branches with files of their own, of which 4 bring what the check does not pass; the same ones for one seed. */
export function twenty(seed: number): { readonly work: Work; readonly red: readonly string[] } {
  const draw = new Random(seed, 'twenty branches');
  const names = Array.from({ length: 20 }, (_, n) => `work-${String(n + 1).padStart(2, '0')}`);
  const red = new Set<string>();
  while (red.size < 4) red.add(draw.pick(names));
  const filesOf = (name: string): Record<string, string> => ({
    [`src/${name}.txt`]: `${name}\n`,
    ...(red.has(name) ? { [`red/${name}`]: 'red\n' } : {}),
  });
  return { work: Object.fromEntries(names.map((name) => [name, filesOf(name)])), red: [...red].sort() };
}

/** Of four branches 6 and 7 pass alone and not together. */
export const pair: Work = {
  'work-6': { 'left/6': '6\n' },
  'work-7': { 'right/7': '7\n' },
  'work-1': { 'src/1.txt': '1\n' },
  'work-2': { 'src/2.txt': '2\n' },
};

export class Branches {
  /** Holds the repository and all that comes of it. */
  readonly place: string;
  readonly folder: string;
  readonly names: readonly string[];
  readonly sleepMs: number;

  private constructor(place: string, names: readonly string[], sleepMs: number) {
    this.place = place;
    this.folder = path.join(place, 'repository');
    this.names = names;
    this.sleepMs = sleepMs;
  }

  /** `main` is checked out, and each branch one commit ahead of it. */
  static async make(work: Work, sleepMs: number): Promise<Branches> {
    const place = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs-branches-')));
    const made = new Branches(place, Object.keys(work), sleepMs);
    await mkdir(made.folder);
    await writeFile(made.log, '');
    await writeFile(made.check, script(made.log, sleepMs));
    await made.git('init', '--quiet', '--template=', '-b', 'main');
    await made.git('config', 'user.name', 'A Person');
    await made.git('config', 'user.email', 'person@example.invalid');
    await made.git('config', 'commit.gpgsign', 'false');
    await made.#commit({ 'README.md': '# Words\n' }, 'Begin');
    for (const [name, files] of Object.entries(work)) {
      await made.git('checkout', '--quiet', '-b', name, 'main');
      await made.#commit(files, `Add ${name}`);
    }
    await made.git('checkout', '--quiet', 'main');
    return made;
  }

  get log(): string {
    return path.join(this.place, 'runs');
  }

  get check(): string {
    return path.join(this.place, 'check.sh');
  }

  get definition(): CheckDefinition {
    return { name: 'test', command: 'sh', args: [this.check], timeoutMs: 60_000 };
  }

  /** How often the check was started. */
  async runs(): Promise<number> {
    return (await readFile(this.log, 'utf8')).length;
  }

  /** Those whose files `ref` holds. */
  async landed(ref = 'main'): Promise<readonly string[]> {
    const merged = await this.git('branch', '--merged', ref, '--format=%(refname:short)');
    const found = new Set(merged.split('\n'));
    return this.names.filter((name) => found.has(name));
  }

  async git(...args: string[]): Promise<string> {
    return (await run('git', args, { cwd: this.folder })).stdout.trim();
  }

  async remove(): Promise<void> {
    await rm(this.place, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async #commit(files: Readonly<Record<string, string>>, subject: string): Promise<void> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(this.folder, file)), { recursive: true });
      await writeFile(path.join(this.folder, file), text);
    }
    await this.git('add', '--', ...Object.keys(files));
    await this.git('commit', '--quiet', '-m', subject);
  }
}

/** Sleeps, so that two of them side by side are no slower than one; red with anything in `red`, and with a whole pair. */
function script(log: string, sleepMs: number): string {
  return `printf r >> '${log}'
sleep ${String(sleepMs / 1000)}
[ ! -d red ] && { [ ! -d left ] || [ ! -d right ]; }
`;
}
