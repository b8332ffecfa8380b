/** A rig whose agent is a script that takes no time, worked as a person works it: by the installed `rigs`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setVendors } from '../../src/providers/vendors.ts';
import { type AgentRepository, makeAgentRepository } from '../harness/agentRepository.ts';
import { rigsProgram } from '../harness/rigsProgram.ts';
import { HeadlessRig } from '../integration/way/headlessRig.ts';

const run = promisify(execFile);
const limitMs = 60_000;
/** Nobody reads a task from its standard input here. */
const launcher = { file: process.execPath, args: [], env: {} };

/** Written by the agent, each with a number: when it began, how long its `rigs done` took. */
type Noted = 'started' | 'done';

/** Waits for `go` unless it is called `bare`, as one that no rig started: that one ends with its commit. */
const script = (place: string): string => `#!/bin/sh
note() {
  printf %s "$2" > '${place}/draft'.$$ && mv '${place}/draft'.$$ '${place}/'"$1/$GTR_WORK_ITEM"
}
note started "$(date +%s%3N)"
[ "$1" = bare ] || while [ ! -e '${place}/go' ]; do sleep 0.05; done
echo done > "$GTR_WORK_ITEM.txt"
git add . && git commit -q -m "Add $GTR_WORK_ITEM" || exit 1
[ "$1" = bare ] && exit
began=$(date +%s%3N)
rigs done --summary 'It is done.' || exit 1
note done "$(($(date +%s%3N) - began))"
`;

export class SlungRig {
  readonly rig: HeadlessRig;
  readonly #place: string;
  readonly #agent: string;
  readonly #repository: AgentRepository;
  /** Where the same is done without Rigs. */
  readonly #bare: AgentRepository;
  readonly #rigs: string;
  #tasks = 0;

  private constructor(
    rig: HeadlessRig,
    places: { readonly place: string; readonly agent: string; readonly rigs: string },
    repositories: { readonly slung: AgentRepository; readonly bare: AgentRepository },
  ) {
    this.rig = rig;
    this.#place = places.place;
    this.#agent = places.agent;
    this.#rigs = places.rigs;
    this.#repository = repositories.slung;
    this.#bare = repositories.bare;
  }

  static async open(maxPolecats: number): Promise<SlungRig> {
    const place = await realpath(await mkdtemp(join(tmpdir(), 'rigs-slung-')));
    for (const noted of ['started', 'done'] satisfies Noted[]) await mkdir(join(place, noted));
    const agent = join(place, 'agent');
    await writeFile(agent, script(place));
    await chmod(agent, 0o755);
    await writeFile(join(place, 'go'), '');
    const slung = await makeAgentRepository('rigs-slung');
    const bare = await makeAgentRepository('rigs-bare');
    const program = await rigsProgram();
    const custom = [
      { name: 'Quick', command: agent, args: ['${bead}'], prompt: 'argument', done: 'command' },
    ];
    const rig = await HeadlessRig.open({
      folder: slung.folder,
      vendors: setVendors({ vendors: {}, custom, order: [], launcher }).filter((one) => 'vendor' in one),
      rigs: program,
      settings: { maxPolecats },
    });
    return new SlungRig(rig, { place, agent, rigs: join(program.bin, 'rigs') }, { slung, bare });
  }

  /** New tasks in one call; resolves when it has answered. */
  async sling(count: number): Promise<void> {
    const titles = Array.from({ length: count }, () => `Task ${String((this.#tasks += 1))}`);
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(RIGS|GTR)_/.test(name)),
    );
    await run(this.#rigs, ['sling', ...titles], { cwd: this.#repository.folder, env });
  }

  /** Agents that begin from now on wait, or those that wait go on. */
  async hold(held: boolean): Promise<void> {
    const go = join(this.#place, 'go');
    await (held ? rm(go) : writeFile(go, ''));
  }

  /** Waits for so many notes; takes them all away. */
  async notes(noted: Noted, count: number): Promise<readonly number[]> {
    const folder = join(this.#place, noted);
    const deadline = Date.now() + limitMs;
    for (;;) {
      const names = await readdir(folder);
      if (names.length >= count) {
        const numbers = await Promise.all(
          names.map(async (name) => Number(await readFile(join(folder, name), 'utf8'))),
        );
        for (const name of names) await rm(join(folder, name));
        return numbers;
      }
      if (Date.now() > deadline)
        throw new Error(`${String(names.length)} agents noted ${noted}.\n${this.rig.story()}`);
      await sleep(10);
    }
  }

  /** Waits for work, as a person who agrees to what is asked meanwhile. */
  async agreeing<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const watched = work.finally(() => (isOver = true));
    // Whoever gives up first says why.
    await Promise.all([watched, this.rig.until(() => isOver, this.rig.agree, limitMs)]);
    return watched;
  }

  /** Until everything has landed and its places are cleared, and nothing of it is noted any more. */
  async settle(): Promise<void> {
    await this.rig.until(() => this.rig.allEnded());
    for (const noted of ['started', 'done'] satisfies Noted[]) await this.notes(noted, 0);
  }

  hasLanded(): boolean {
    return Object.values(this.rig.state.beads).every(({ landed }) => landed !== null);
  }

  /** The same agent in a worktree that git made: its branch, and when it began. Resolves when it has ended. */
  async bareStart(): Promise<{ readonly branch: string; readonly worktree: string; readonly began: number }> {
    const branch = `bare-${String((this.#tasks += 1))}`;
    const worktree = join(this.#bare.place, branch);
    await this.#bare.git('worktree', 'add', '--quiet', '-b', branch, worktree, 'main');
    const env = { ...process.env, GTR_WORK_ITEM: branch };
    const child = spawn(this.#agent, ['bare'], { cwd: worktree, env, stdio: 'ignore' });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`The agent without a rig ended with ${String(code)}.`);
    const [began = NaN] = await this.notes('started', 1);
    return { branch, worktree, began };
  }

  /** The repository's one check as a shell would run it. */
  async bareCheck(folder = this.#bare.folder): Promise<void> {
    await run('npm', ['test'], { cwd: folder });
  }

  async bareMerge(branch: string): Promise<void> {
    await this.#bare.git('merge', '--quiet', '--no-ff', '-m', `Merge ${branch}`, branch);
  }

  async close(): Promise<void> {
    await this.hold(false);
    await this.rig.close();
    for (const repository of [this.#repository, this.#bare]) await repository.remove();
    await rm(this.#place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
