/** The published versions of a package as a repository's history, and their changes as branches off one of them. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CheckDefinition } from '../../../src/town/check.ts';
import { impatient, npm } from '../../integration/way/publishedPackage.ts';
import { Random } from '../../sim/random.ts';

const run = promisify(execFile);

export interface WantedHistory {
  readonly name: string;
  /** Consecutive versions, the newest that are no previews. */
  readonly versions: number;
  /** What the tests in its tarball run on; null: its files are only parsed. */
  readonly testedWith: string | null;
}

interface Planting {
  readonly seed: number;
  readonly branches: number;
  /** Of branches, how many are broken on purpose. */
  readonly percent: number;
}

export interface Branch {
  readonly name: string;
  readonly broken: boolean;
}

export class History {
  /** Holds the repository, the check, and what tests run on. */
  readonly place: string;
  readonly folder: string;
  /** Commits of the versions, the oldest first. */
  readonly versions: readonly string[];
  readonly #tested: boolean;

  private constructor(place: string, versions: readonly string[], tested: boolean) {
    this.place = place;
    this.folder = folderIn(place);
    this.versions = versions;
    this.#tested = tested;
  }

  /** Throws `RegistryUnreachable`. */
  static async fetch({ name, versions: count, testedWith }: WantedHistory, place: string): Promise<History> {
    const listed = JSON.parse(
      await npm(['view', name, 'versions', '--json', ...impatient], place),
    ) as string[];
    const wanted = listed.filter((one) => /^\d+\.\d+\.\d+$/.test(one)).slice(-count);
    const specs = wanted.map((one) => `${name}@${one}`);
    const packed = await npm(['pack', ...specs, '--json', '--prefer-offline', ...impatient], place);
    const tarballs = JSON.parse(packed) as readonly { readonly version: string; readonly filename: string }[];
    if (testedWith !== null)
      // Above all worktrees, where every one of them finds it.
      await npm(
        ['install', '--no-save', '--ignore-scripts', '--no-audit', '--prefix', place, testedWith],
        place,
      );
    const folder = folderIn(place);
    await mkdir(folder);
    const git = gitIn(folder);
    await git('init', '--quiet', '--template=', '-b', 'main');
    await git('config', 'user.name', 'A Person');
    await git('config', 'user.email', 'person@example.invalid');
    await git('config', 'core.autocrlf', 'false');
    const commits: string[] = [];
    for (const version of wanted) {
      const filename = tarballs.find((one) => one.version === version)?.filename;
      if (filename === undefined) throw new Error(`${name}@${version} was not packed`);
      await unpack(path.join(place, filename), folder);
      await git('add', '--all', '--force');
      await git('commit', '--quiet', '--allow-empty', '-m', `${name} ${version}`);
      commits.push(await git('rev-parse', 'HEAD'));
    }
    await writeFile(path.join(place, 'check.mjs'), checkScript);
    return new History(place, commits, testedWith !== null);
  }

  definition(tested = this.#tested): CheckDefinition {
    const args = [path.join(this.place, 'check.mjs'), ...(tested ? ['test'] : [])];
    return { name: tested ? 'test' : 'parse', command: process.execPath, args, timeoutMs: 120_000 };
  }

  /** Whether the check passes on what is at `ref`. */
  async passes(ref: string, definition: CheckDefinition): Promise<boolean> {
    const at = path.join(this.place, 'looked at');
    await this.git('worktree', 'add', '--quiet', '--force', '--detach', at, ref);
    try {
      return await succeeds(run(definition.command, [...definition.args], { cwd: at }));
    } finally {
      await this.git('worktree', 'remove', '--force', at);
    }
  }

  /**
   * Makes `main` a version a third into the history, and branches off it: what each version changed, then what it changed
   * of one file, as far as that applies there.
   */
  async branchOff({ seed, branches: most, percent }: Planting): Promise<readonly Branch[]> {
    const draw = new Random(seed, 'history');
    const base = this.versions[Math.floor(this.versions.length / 3)] ?? '';
    await this.git('checkout', '--quiet', '-B', 'main', base);
    const made: Branch[] = [];
    for (const [place, change] of (await this.#changes()).entries()) {
      if (made.length === most) break;
      const name = `change-${String(seed)}-${String(place)}`;
      await this.git('checkout', '--quiet', '-B', name, base);
      if (!(await this.#applies(change))) continue;
      const broken = draw.chance(percent);
      if (broken) await this.#break(place);
      await this.git('commit', '--quiet', '-m', `${name}: ${change.files.join(', ')}`.slice(0, 200));
      made.push({ name, broken });
    }
    await this.git('checkout', '--quiet', 'main');
    return made;
  }

  git(...args: string[]): Promise<string> {
    return gitIn(this.folder)(...args);
  }

  async #changes(): Promise<readonly Change[]> {
    const whole: Change[] = [];
    for (const [index, to] of this.versions.entries()) {
      const from = this.versions[index - 1];
      if (from === undefined) continue;
      const files = (await this.git('diff', '--name-only', from, to)).split('\n').filter((one) => one !== '');
      if (files.length > 0) whole.push({ from, to, files });
    }
    return [
      ...whole,
      ...whole.flatMap(({ from, to, files }) => files.map((file) => ({ from, to, files: [file] }))),
    ];
  }

  async #applies({ from, to, files }: Change): Promise<boolean> {
    const patch = path.join(this.place, 'change.patch');
    await run('git', ['diff', '--binary', `--output=${patch}`, from, to, '--', ...files], {
      cwd: this.folder,
    });
    return succeeds(this.git('apply', '--index', '--whitespace=nowarn', patch));
  }

  /** In a file that it changes, so that it also meets those that change the same; else in one of its own. */
  async #break(place: number): Promise<void> {
    const names = (await this.git('diff', '--cached', '--name-only', '--diff-filter=AM')).split('\n');
    const file = names.find((one) => one.endsWith('.js')) ?? `broken-${String(place)}.js`;
    const whole = path.join(this.folder, file);
    const text = await readFile(whole, 'utf8').catch(() => '');
    await writeFile(whole, `${text}\n)(\n`);
    await this.git('add', '--', file);
  }
}

interface Change {
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
}

function folderIn(place: string): string {
  return path.join(place, 'repository');
}

function gitIn(folder: string): (...args: string[]) => Promise<string> {
  return async (...args) => (await run('git', args, { cwd: folder, maxBuffer: 1 << 26 })).stdout.trim();
}

export async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** What the tarball holds instead of what was there; the version in it would be in every change's way. */
async function unpack(tarball: string, folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== '.git') await rm(path.join(folder, name), { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder]);
  const file = path.join(folder, 'package.json');
  const described = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, `${JSON.stringify({ ...described, version: '0.0.0' }, null, 2)}\n`);
}

/** Parses every file of the package, and with `test` runs those in its folder of tests. */
const checkScript = `import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
const node = (...args) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status === 0) return;
  console.log(args.join(' ') + '\\n' + stdout.slice(-2000) + stderr.slice(-2000));
  process.exit(1);
};
const files = readdirSync('.', { recursive: true }).filter((file) => /\\.[cm]?js$/.test(file)).sort();
const tests = /^test\\/[^/]+\\.js$/;
for (const file of files) if (process.argv[2] !== 'test' || !tests.test(file)) node('--check', file);
if (process.argv[2] === 'test') for (const file of files) if (tests.test(file)) node(file);
`;
