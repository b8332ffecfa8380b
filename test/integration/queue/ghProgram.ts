import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gitNow } from './queueRig.ts';

export interface GhPullRequest {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  state: 'OPEN' | 'MERGED' | 'CLOSED';
  mergeCommit: string | null;
}

interface Told {
  readonly pulls: GhPullRequest[];
  readonly calls: readonly (readonly string[])[];
  readonly loggedIn: boolean;
  /** What it does with the next `pr create`: it makes it, and is killed before it says so. */
  readonly diesAfterCreating: boolean;
}

const who = ['-c', 'user.name=Forge', '-c', 'user.email=forge@example.invalid'];

/**
 * A program that speaks as `gh` documents it (`gh pr list|create|view`, exit code 4 where nobody is logged in) of the
 * pull requests of one bare repository, and the forge's own page, where people merge and close them.
 */
export class GhProgram {
  readonly folder: string;
  readonly #bare: string;
  readonly #memory: string;

  constructor(folder: string, bare: string) {
    this.folder = path.join(folder, 'bin of gh');
    this.#bare = bare;
    this.#memory = path.join(folder, 'pulls.json');
    mkdirSync(this.folder);
    this.#keep({ pulls: [], calls: [], loggedIn: true, diesAfterCreating: false });
    this.install();
  }

  install(): void {
    const file = path.join(this.folder, 'gh');
    const script = program(this.#memory, this.#bare);
    writeFileSync(file, `#!${process.execPath}\n${script}`);
    chmodSync(file, 0o755);
  }

  remove(): void {
    rmSync(path.join(this.folder, 'gh'));
  }

  /** With it on the PATH, and git. */
  environment(): Readonly<Record<string, string>> {
    const at = [this.folder, process.env['PATH'] ?? ''].join(path.delimiter);
    return { PATH: at, HOME: this.folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  }

  get pulls(): readonly GhPullRequest[] {
    return this.#told.pulls;
  }

  /** What it was asked, `pr create` and so on. */
  get calls(): readonly string[] {
    return this.#told.calls.map((args) => args.slice(0, 2).join(' '));
  }

  logOut(): void {
    this.#keep({ ...this.#told, loggedIn: false });
  }

  logIn(): void {
    this.#keep({ ...this.#told, loggedIn: true });
  }

  dieAfterCreating(): void {
    this.#keep({ ...this.#told, diesAfterCreating: true });
  }

  close(number: number): void {
    this.#change(number, { state: 'CLOSED' });
  }

  /** As the button of the page does it. Returns the commit that the target is at now. */
  merge(number: number, how: 'merge' | 'squash' | 'rebase' = 'merge'): string {
    const { head, base, title } = this.pulls.find((one) => one.number === number) ?? never();
    const [into, from] = [this.#at(base), this.#at(head)];
    const commit =
      how === 'rebase' ? this.#rebased(into, from) : this.#merged(into, from, title, how === 'merge');
    gitNow(this.#bare, 'update-ref', `refs/heads/${base}`, commit);
    this.#change(number, { state: 'MERGED', mergeCommit: commit });
    return commit;
  }

  #merged(into: string, from: string, title: string, both: boolean): string {
    const tree = gitNow(this.#bare, 'merge-tree', '--write-tree', into, from).split('\n')[0] ?? never();
    const parents = ['-p', into, ...(both ? ['-p', from] : [])];
    return gitNow(this.#bare, ...who, 'commit-tree', tree, ...parents, '-m', `${title} (forge)`);
  }

  #rebased(into: string, from: string): string {
    const own = gitNow(this.#bare, 'rev-list', '--reverse', `${into}..${from}`).split('\n');
    return own.reduce((onto, commit) => {
      const tree = gitNow(this.#bare, 'merge-tree', '--write-tree', onto, commit).split('\n')[0] ?? never();
      const subject = gitNow(this.#bare, 'log', '-1', '--format=%s', commit);
      return gitNow(this.#bare, ...who, 'commit-tree', tree, '-p', onto, '-m', subject);
    }, into);
  }

  #at(branch: string): string {
    return gitNow(this.#bare, 'rev-parse', `refs/heads/${branch}`);
  }

  get #told(): Told {
    return JSON.parse(readFileSync(this.#memory, 'utf8')) as Told;
  }

  #keep(told: Told): void {
    if (existsSync(path.dirname(this.#memory))) writeFileSync(this.#memory, JSON.stringify(told));
  }

  #change(number: number, changes: Partial<GhPullRequest>): void {
    const told = this.#told;
    const pulls = told.pulls.map((one) => (one.number === number ? { ...one, ...changes } : one));
    this.#keep({ ...told, pulls });
  }
}

function never(): never {
  throw new Error('There is no such pull request.');
}

function program(memory: string, bare: string): string {
  return `
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const memory = ${JSON.stringify(memory)}, bare = ${JSON.stringify(bare)};
const told = JSON.parse(readFileSync(memory, 'utf8'));
const args = process.argv.slice(2);
told.calls.push(args);
const keep = () => { writeFileSync(memory + '.new', JSON.stringify(told)); renameSync(memory + '.new', memory); };
keep();
const fail = (code, words) => { process.stderr.write(words + '\\n'); process.exit(code); };
if (!told.loggedIn) fail(4, 'To get started with GitHub CLI, please run:  gh auth login\\nAlternatively, populate the GH_TOKEN environment variable with a GitHub API authentication token.');
const takes = {
  'pr list': ['head', 'base', 'state', 'limit', 'json', 'repo'],
  'pr create': ['head', 'base', 'title', 'body-file', 'repo'],
  'pr view': ['json', 'repo'],
};
const verb = args.slice(0, 2).join(' ');
if (!(verb in takes)) fail(1, 'unknown command "' + verb + '" for "gh"');
const given = {}, plain = [];
for (let at = 2; at < args.length; at += 1) {
  if (!args[at].startsWith('--')) { plain.push(args[at]); continue; }
  const name = args[at].slice(2);
  if (!takes[verb].includes(name)) fail(1, 'unknown flag: --' + name);
  given[name] = args[(at += 1)];
}
if (given.repo !== 'github.com/acme/app') fail(1, 'GraphQL: Could not resolve to a Repository with the name ' + given.repo);
const tipOf = (branch) => {
  try { return execFileSync('git', ['rev-parse', '--verify', '--quiet', 'refs/heads/' + branch], { cwd: bare, encoding: 'utf8' }).trim(); }
  catch { return null; }
};
const known = ['state', 'url', 'mergeCommit', 'isCrossRepository', 'headRefOid'];
const urlOf = ({ number }) => 'https://github.com/acme/app/pull/' + number;
const shown = (pull) => {
  const all = { state: pull.state, url: urlOf(pull), mergeCommit: pull.mergeCommit && { oid: pull.mergeCommit }, isCrossRepository: false, headRefOid: tipOf(pull.head) ?? '' };
  const fields = given.json.split(',');
  for (const one of fields) if (!known.includes(one)) fail(1, 'Unknown JSON field: "' + one + '"');
  return Object.fromEntries(fields.map((one) => [one, all[one]]));
};
if (verb === 'pr list') {
  const found = told.pulls.filter((one) => one.head === given.head && one.base === given.base && (given.state === 'all' || one.state === 'OPEN'));
  process.stdout.write(JSON.stringify(found.toReversed().map(shown)) + '\\n');
} else if (verb === 'pr view') {
  const found = told.pulls.find((one) => urlOf(one) === plain[0]);
  if (found === undefined) fail(1, 'GraphQL: Could not resolve to a PullRequest');
  process.stdout.write(JSON.stringify(shown(found)) + '\\n');
} else {
  const { head, base, title } = given;
  if (tipOf(head) === null) fail(1, 'pull request create failed: GraphQL: Head sha can\\'t be blank');
  if (told.pulls.some((one) => one.head === head && one.base === base && one.state === 'OPEN'))
    fail(1, 'a pull request for branch "' + head + '" into branch "' + base + '" already exists');
  const body = given['body-file'] === '-' ? readFileSync(0, 'utf8') : '';
  const pull = { number: told.pulls.length + 1, head, base, title, body, state: 'OPEN', mergeCommit: null };
  told.pulls.push(pull);
  const dies = told.diesAfterCreating;
  told.diesAfterCreating = false;
  keep();
  if (dies) process.kill(process.pid, 'SIGKILL');
  process.stdout.write(urlOf(pull) + '\\n');
}
`;
}
