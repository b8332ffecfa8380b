import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client } from '../../../src/cli/client/client.ts';
import type { Terminal } from '../../../src/cli/client/terminal.ts';
import { ownerReach } from '../../../src/cli/ownerReach.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';
import type { RunCommand } from '../../../src/gateway/command.ts';
import { type Door, openDoor } from '../../../src/gateway/server.ts';
import { type TokenBook, openTokenBook } from '../../../src/gateway/tokens.ts';
import { openStore } from '../../../src/store/open.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { TownEvent } from '../../../src/town/state.ts';
import { Bench, agentOf } from '../../unit/cli/fixtures.ts';
import { fakeDesk } from '../gateway/fixtures.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a terminal is besides its command line. */
export interface Played {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly program?: Terminal['program'];
  readonly stdin?: string;
  /** What a person answers, in turn; without them nobody can be asked. */
  readonly answers?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A real repository with a real memory, whose window comes and goes. */
export class RealRig {
  readonly folder: string;
  readonly repository: string;
  readonly bench: Bench;
  readonly tokens: TokenBook;
  readonly state: string;
  #door: Door | null = null;
  #epoch = 1;

  private constructor(folder: string, repository: string, bench: Bench, tokens: TokenBook) {
    this.folder = folder;
    this.repository = repository;
    this.bench = bench;
    this.tokens = tokens;
    this.state = bench.control.store.folder;
  }

  /** Two beads of one convoy, at which two agents work. */
  static async make(): Promise<RealRig> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs cli ')));
    const repository = join(folder, "it's a repo");
    await mkdir(join(repository, 'deep', 'er'), { recursive: true });
    git(repository, 'init', '-q', '-b', 'main');
    git(
      repository,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'first',
    );
    const commonDir = join(repository, '.git');
    const store = await openStore({ commonDir, storageRoot: join(folder, 'storage'), clock: systemClock });
    const bench = new Bench(store.folder);
    const events: TownEvent[] = [];
    bench.control.follow({
      entry: (entry) => events.push(...entry.events),
      facts: () => undefined,
      notice: () => undefined,
    });
    await bench.scene.open();
    await bench.scene.convoy('Goal', [{ title: 'One' }, { title: 'Two' }]);
    await bench.scene.start();
    await store.append(bench.control.now, events);
    await store.close();
    const tokens = await openTokenBook(join(store.folder, 'tokens.json'));
    return new RealRig(folder, repository, bench, tokens);
  }

  get home(): string {
    return join(this.state, 'door');
  }

  async openWindow(run?: RunCommand): Promise<void> {
    this.#door = await openDoor({
      home: this.home,
      desk: fakeDesk({
        handOff: () => (this.bench.refuses === null ? Promise.resolve() : Promise.reject(this.bench.refuses)),
      }),
      rig: this.bench.control,
      run:
        run ?? ((speaker, call, signal) => runCommand(ownerReach(this.bench.parts()), speaker, call, signal)),
      tokens: this.tokens,
      epoch: (this.#epoch += 1),
    });
  }

  async closeWindow(): Promise<void> {
    await this.#door?.close();
    this.#door = null;
  }

  async remove(): Promise<void> {
    await this.closeWindow();
    await rm(this.folder, { recursive: true });
  }

  /** Writes an event into its memory, which the played window knows nothing of. */
  async remember(event: TownEvent): Promise<void> {
    const commonDir = join(this.repository, '.git');
    const store = await openStore({ commonDir, storageRoot: '', clock: systemClock });
    await store.append(this.bench.control.now, [event]);
    await store.close();
  }

  /** The environment of a new agent at work on the first bead. */
  async agentEnv(): Promise<{ readonly RIGS_HOME: string; readonly RIGS_TOKEN: string }> {
    const [polecat] = this.bench.scene.polecats('working');
    if (polecat === undefined) throw new Error('no agent works');
    return { RIGS_HOME: this.home, RIGS_TOKEN: await this.tokens.issue(agentOf(polecat)) };
  }

  /** Says a command line at a terminal in the repository. */
  async rigs(line: string | readonly string[], played: Played = {}): Promise<Ran> {
    const out: string[] = [];
    const err: string[] = [];
    const answers = [...(played.answers ?? [])];
    const code = await client({
      argv: typeof line === 'string' ? line.split(' ') : line,
      // Nobody waits here for a window that is gone.
      env: { RIGS_PATIENCE: '0', ...played.env },
      cwd: played.cwd ?? this.repository,
      program: played.program ?? 'rigs',
      columns: null,
      colours: false,
      asks: played.answers !== undefined,
      signal: played.signal ?? new AbortController().signal,
      out: (text) => void out.push(`${text}\n`),
      err: (text) => void err.push(`${text}\n`),
      stdin: () => Promise.resolve(played.stdin ?? ''),
      ask: (question) => {
        out.push(`${question}\n`);
        return Promise.resolve(answers.shift() ?? null);
      },
    });
    return { code, out: out.join(''), err: err.join('') };
  }
}

export function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd, stdio: 'pipe' });
}
