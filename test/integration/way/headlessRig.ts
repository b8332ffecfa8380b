import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import type { ForemanSettings } from '../../../src/foreman/hands/context.ts';
import type { Account } from '../../../src/ports/account.ts';
import type { Git } from '../../../src/ports/git.ts';
import type { Notice } from '../../../src/ports/notices.ts';
import type { ApiProvider } from '../../../src/providers/apiProvider.ts';
import { startRehearsal } from '../../../src/providers/rehearsal/launch.ts';
import { type Rehearsal, Roster, type SetVendor } from '../../../src/providers/roster.ts';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { isAlive } from '../../../src/system/processIdentity.ts';
import { signal } from '../../../src/system/processTree.ts';
import type { Bead } from '../../../src/town/bead.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { type Need, needsYou } from '../../../src/town/needsYou.ts';
import { type OpenRig, openRig } from '../../../src/vscode/compose/openRig.ts';
import { noCommands } from '../../fakes/noCommands.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import { SpawnedTerminals } from '../../harness/spawnedTerminals.ts';
import { root } from '../../harness/toolchain.mjs';

const dist = path.join(root, 'dist');

export interface HeadlessOptions {
  /** The repository. */
  readonly folder: string;
  /** Of the rehearsal; absent: the vendors' command lines do the work. */
  readonly playbook?: string;
  readonly vendors?: readonly SetVendor[];
  /** Models for the built-in worker; absent: none. */
  readonly apis?: readonly ApiProvider[];
  /** How the vendors' agents call back. */
  readonly rigs?: RigsProgram;
  /** How much faster than a person would watch. */
  readonly speed?: number;
  readonly settings?: Partial<ForemanSettings>;
  /** State and rehearsal of an earlier window on the same repository. */
  readonly place?: string;
  /** By default git runs in this process. */
  readonly git?: Git;
  /** By default those without a tty, which the built-in worker does not need. */
  readonly terminals?: SpawnedTerminals;
}

interface HeadlessParts {
  readonly rig: OpenRig;
  readonly terminals: SpawnedTerminals;
  readonly place: string;
  readonly account: Account;
}

function rehearsalOf({ playbook, speed = 20 }: HeadlessOptions, place: string): Rehearsal | null {
  if (playbook === undefined) return null;
  return {
    goals: () => Promise.resolve([]),
    start: () =>
      startRehearsal({
        home: path.join(place, 'rehearsal'),
        playbook,
        execPath: process.execPath,
        script: path.join(dist, 'rehearsal.cjs'),
        env: {},
        speed,
        idleMinutes: 1,
      }),
  };
}

/** A rig with everything real but the editor: store, git, door, worker, shim, checks, and the rehearsal's server. */
export class HeadlessRig {
  readonly rig: OpenRig;
  readonly terminals: SpawnedTerminals;
  readonly notices: Notice[] = [];
  readonly place: string;
  readonly account: Account;

  private constructor(parts: HeadlessParts) {
    const { rig, terminals, place, account } = parts;
    this.rig = rig;
    this.terminals = terminals;
    this.place = place;
    this.account = account;
    rig.foreman.onNotice((notice) => this.notices.push(notice));
  }

  static async open(options: HeadlessOptions): Promise<HeadlessRig> {
    const git = options.git ?? openGit();
    const repository = await git.describe(options.folder);
    const place = options.place ?? (await mkdtemp(path.join(tmpdir(), 'rigs-way-')));
    const terminals = options.terminals ?? new SpawnedTerminals();
    const account = await openAccount({ folder: path.join(place, 'account'), clock: systemClock });
    const rig = await openRig({
      git,
      repository,
      storageRoot: path.join(place, 'storage'),
      window: 'w',
      distFolder: dist,
      terminals,
      account,
      rigs: options.rigs ?? null,
      commands: noCommands,
      settings: rigSettings(options.settings),
      agents: () =>
        Promise.resolve(
          new Roster({
            rehearsal: rehearsalOf(options, place),
            vendors: () => options.vendors ?? [],
            rigs: options.rigs ?? null,
            apis: () => options.apis ?? [],
            assayer: () => null,
            worker: { file: process.execPath, args: [path.join(dist, 'worker.cjs')], env: {} },
          }),
        ),
      log: { info: () => undefined, error: () => undefined },
    });
    return new HeadlessRig({ rig, terminals, place, account });
  }

  get state(): OpenRig['foreman']['state'] {
    return this.rig.foreman.state;
  }

  bead(title: string): Bead {
    const found = Object.values(this.state.beads).find((one) => one.title === title);
    if (found === undefined) throw new Error(`no bead "${title}"`);
    return found;
  }

  /** Waits for the state to say so; answers what needs a person on the way, as `person` decides. */
  async until(
    holds: () => boolean,
    person: (need: Need) => Promise<void> = this.agree,
    limitMs = 180_000,
  ): Promise<void> {
    const deadline = systemClock.now() + limitMs;
    while (!holds()) {
      if (systemClock.now() > deadline) throw new Error(`Not in time: ${holds.toString()}\n${this.story()}`);
      for (const need of needsYou(this.state)) await person(need);
      await systemClock.sleep(20);
    }
  }

  /** A person who confirms the checks, allows what is asked and approves what is proven; nothing may get stuck. */
  readonly agree = async (need: Need): Promise<void> => {
    const { foreman } = this.rig;
    if (need.kind === 'approval') {
      await foreman.wish({ type: 'approve', request: need.request.id });
      return;
    }
    if (need.kind !== 'ask') throw new Error(`it stands still: ${JSON.stringify(need)}`);
    const { id, subject } = need.ask;
    if (subject.kind === 'permission') await foreman.wish({ type: 'answerAsk', ask: id, answer: 'allow' });
    else if (subject.kind === 'checks') {
      const { definitions, hash } = subject;
      await foreman.wish({
        type: 'confirmChecks',
        checks: { definitions, hash, confirmedAt: systemClock.now() },
      });
    } else if (subject.kind === 'question')
      await foreman.wish({ type: 'answerAsk', ask: id, answer: 'reply', reply: 'As you think best.' });
    else if (subject.kind === 'moveOn' || subject.kind === 'budget')
      await foreman.wish({ type: 'answerAsk', ask: id, answer: 'allow' });
    else
      throw new Error(
        `Stuck: ${subject.reason.code} ${JSON.stringify(subject.reason.facts)}\n${this.story()}`,
      );
  };

  allEnded(): boolean {
    const { beads, polecats } = this.state;
    return (
      Object.values(beads).every((bead) => bead.endedAt !== null) &&
      Object.values(polecats).every((polecat) => polecat.cleared)
    );
  }

  async kill(bead: BeadId): Promise<void> {
    const polecat = Object.values(this.state.polecats).find((one) => one.bead === bead);
    const agent = polecat?.session?.process;
    if (agent != null && (await isAlive(agent))) await signal(agent, 'SIGKILL');
  }

  /** What happened, for the message of a failing test. */
  story(): string {
    const lines = this.notices.map(
      (one) => `${one.what} ${JSON.stringify(one.facts)} ${JSON.stringify(one.why)}`,
    );
    const screens = [...this.terminals.printed].map(
      ([polecat, text]) => `── ${polecat}\n${text.slice(-1500)}`,
    );
    return [...lines.slice(-60), ...screens].join('\n');
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.account.close();
    await rm(this.place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
