import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Broker } from '../../../src/git/brokered.ts';
import { openGit } from '../../../src/git/openGit.ts';
import type { Git, Repository } from '../../../src/ports/git.ts';
import { type CommitId, parseCommitId } from '../../../src/town/ids.ts';

const run = promisify(execFile);
/** `RIGS_TEST_BROKER=1` holds the broker to everything that these tests hold git to. */
const runInBroker =
  process.env['RIGS_TEST_BROKER'] === undefined
    ? null
    : new Broker({
        execPath: process.execPath,
        script: path.resolve(import.meta.dirname, '../../../src/git/broker.ts'),
        env: process.env,
      }).start;

/** A folder of its own with a real repository in it, whose path holds everything a path may hold. */
export interface Sandbox {
  readonly folder: string;
  readonly root: string;
  readonly git: Git;
  repository(): Promise<Repository>;
  /** Git as the person would call it, in the repository. */
  person(...args: readonly string[]): Promise<string>;
  personIn(cwd: string, ...args: readonly string[]): Promise<string>;
  write(file: string, text: string): Promise<void>;
  read(file: string): Promise<string>;
  commit(files: Readonly<Record<string, string | null>>, message?: string): Promise<CommitId>;
  /** A commit on `parent` made without touching any worktree. */
  beside(parent: CommitId, files: Readonly<Record<string, string | null>>): Promise<CommitId>;
  at(rev: string): Promise<CommitId>;
  end(): Promise<void>;
}

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.invalid',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.invalid',
};

export async function sandbox(
  files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' },
): Promise<Sandbox> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs git ')));
  const root = path.join(folder, `re'po "x" 🦀`);
  await mkdir(root);
  const personIn = async (cwd: string, ...args: readonly string[]): Promise<string> =>
    (await run('git', [...args], { cwd, env: environment, maxBuffer: 1 << 26 })).stdout.trim();
  const person = (...args: readonly string[]): Promise<string> => personIn(root, ...args);
  const git = openGit(runInBroker === null ? {} : { start: runInBroker });
  const box: Sandbox = {
    folder,
    root,
    git,
    repository: () => git.describe(root),
    person,
    personIn,
    write: async (file, text) => {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    },
    read: (file) => readFile(path.join(root, file), 'utf8'),
    commit: async (changes, message = 'change') => {
      for (const [file, text] of Object.entries(changes)) {
        if (text === null) await person('rm', '-q', '--', file);
        else await box.write(file, text);
      }
      await person('add', '-A');
      await person('commit', '-q', '-m', message);
      return box.at('HEAD');
    },
    beside: async (parent, changes) => {
      const ref = `refs/beside/${String((count += 1))}`;
      await fastImport(root, ref, parent, changes);
      return box.at(ref);
    },
    at: async (rev) => id(await person('rev-parse', rev)),
    end: () => rm(folder, { recursive: true, force: true }),
  };
  await person('init', '-q', '-b', 'main');
  await appendFile(
    path.join(root, '.git', 'config'),
    '[user]\n\tname = Ada\n\temail = ada@example.invalid\n',
  );
  await fastImport(root, 'refs/heads/main', null, files);
  await person('reset', '-q', '--hard');
  return box;
}
let count = 0;

/** One git call instead of five for each commit. A file whose folder's name was a file's takes that name over. */
async function fastImport(
  cwd: string,
  ref: string,
  parent: CommitId | null,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  const person = `Ada <ada@example.invalid> 1700000000 +0000`;
  const quoted = (name: string): string =>
    `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  const changes = Object.entries(files).map(([name, text]) =>
    text === null ? `D ${quoted(name)}\n` : `M 100644 inline ${quoted(name)}\n${data(text)}`,
  );
  const from = parent === null ? '' : `from ${parent}\n`;
  const head = `commit ${ref}\nauthor ${person}\ncommitter ${person}\n${data('made')}${from}`;
  const importing = run('git', ['fast-import', '--quiet', '--done'], { cwd, env: environment });
  importing.child.stdin?.end(`${head}${changes.join('')}done\n`);
  await importing;
}

function data(text: string): string {
  return `data ${String(Buffer.byteLength(text))}\n${text}\n`;
}

export function id(text: string): CommitId {
  const commit = parseCommitId(text);
  if (commit === null) throw new Error(`not a commit: ${text}`);
  return commit;
}

/** The person's git configuration must not decide what a test sees. */
export function withoutPersonalConfig(): void {
  const before = { ...process.env };
  const own = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM'] as const;
  beforeEach(() => {
    for (const name of own) process.env[name] = environment[name];
  });
  afterEach(() => {
    for (const name of own) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });
}
