/** The published versions of a package as a repository's history, and their changes as branches off one of them. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CheckDefinition } from '../../../src/town/check.ts';
import { Random } from '../../sim/random.ts';
import { type RegistryName, registries } from './registries.ts';
import type { Published, Registry, Wanted } from './registries/registry.ts';

const run = promisify(execFile);

export interface WantedHistory extends Wanted {
  readonly registry: RegistryName;
}

export interface Planting {
  readonly seed: number;
  readonly branches: number;
  /** Of branches, how many are broken on purpose. */
  readonly percent: number;
}

export interface Branch {
  readonly name: string;
  readonly broken: boolean;
}

const runSteps = path.join(import.meta.dirname, 'registries', 'runSteps.ts');

export class History {
  /** Holds the repository; what was fetched is in it or in a folder above, where tests find what they run on. */
  readonly place: string;
  readonly folder: string;
  /** Commits of the versions, the oldest first. */
  readonly versions: readonly string[];
  readonly #wanted: WantedHistory;

  private constructor(place: string, versions: readonly string[], wanted: WantedHistory) {
    this.place = place;
    this.folder = folderIn(place);
    this.versions = versions;
    this.#wanted = wanted;
  }

  /** Throws `RegistryUnreachable`. */
  static async fetch(wanted: WantedHistory, place: string): Promise<History> {
    const published = await registries[wanted.registry].fetch(wanted, place);
    const folder = folderIn(place);
    await mkdir(folder);
    const git = gitIn(folder);
    await git('init', '--quiet', '--template=', '-b', 'main');
    await git('config', 'user.name', 'A Person');
    await git('config', 'user.email', 'person@example.invalid');
    await git('config', 'core.autocrlf', 'false');
    const commits: string[] = [];
    for (const one of published) {
      await replace(folder, one, registries[wanted.registry]);
      await git('add', '--all', '--force');
      await git('commit', '--quiet', '--allow-empty', '-m', `${wanted.name} ${one.version}`);
      commits.push(await git('rev-parse', 'HEAD'));
    }
    return new History(place, commits, wanted);
  }

  /** Another within this one's place, to be played by itself. */
  async copy(name: string): Promise<History> {
    const place = path.join(this.place, name);
    await cp(this.folder, folderIn(place), { recursive: true });
    return new History(place, this.versions, this.#wanted);
  }

  definition(tested = this.#wanted.tested): CheckDefinition {
    const { steps, env } = this.#registry.proof(tested, this.place);
    const args = [runSteps, JSON.stringify(steps)];
    const name = tested ? 'test' : 'parse';
    return { name, command: process.execPath, args, timeoutMs: 120_000, env };
  }

  /** Whether the check passes on what is at `ref`. */
  async passes(ref: string, definition: CheckDefinition): Promise<boolean> {
    const at = path.join(this.place, 'looked at');
    await this.git('worktree', 'add', '--quiet', '--force', '--detach', at, ref);
    try {
      return await succeeds(runCheck(definition, at));
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

  get #registry(): Registry {
    return registries[this.#wanted.registry];
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
    const { source, anotherSource } = this.#registry;
    const file = names.find((one) => source.test(one)) ?? anotherSource(place);
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

/** Rejects when it is red. */
export async function runCheck({ command, args, env }: CheckDefinition, cwd: string): Promise<void> {
  await run(command, [...args], { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
}

/** What was published instead of what was there. */
async function replace(folder: string, published: Published, registry: Registry): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== '.git') await rm(path.join(folder, name), { recursive: true });
  for (const name of await readdir(published.folder))
    if (!registry.leftOut.test(name))
      await cp(path.join(published.folder, name), path.join(folder, name), { recursive: true });
  const { files, before } = registry.versioned;
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.startsWith('.git') || !files.test(name)) continue;
    const file = path.join(folder, name);
    const text = await readFile(file, 'utf8');
    const found = before.exec(text);
    if (found === null) continue;
    const start = found.index + found[0].length;
    const rest = text.slice(start);
    if (rest.startsWith(published.version))
      await writeFile(file, `${text.slice(0, start)}0.0.0${rest.slice(published.version.length)}`);
  }
}
