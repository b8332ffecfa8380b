import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OwnerParts, ownerReach } from '../../../src/cli/ownerReach.ts';
import type { Person } from '../../../src/cli/reach.ts';
import { runCommand } from '../../../src/cli/runCommand.ts';
import type { CommandCall, CommandResult } from '../../../src/gateway/command.ts';
import type { Agent } from '../../../src/gateway/tokens.ts';
import type { Speaker } from '../../../src/gateway/verbs.ts';
import { AccountError } from '../../../src/ports/account.ts';
import type { Polled, RunnerState } from '../../../src/ports/agents.ts';
import type { Configuration } from '../../../src/config/config.ts';
import { emptyLedger } from '../../../src/town/ledger.ts';
import { type Fuel, type TankNews, noFuel } from '../../../src/town/fuel.ts';
import type { Gauge } from '../../../src/town/tank.ts';
import { drawnIds } from '../../../src/town/drawnIds.ts';
import type { Polecat } from '../../../src/town/polecat.ts';
import { entering } from '../../../src/vscode/compose/entering.ts';
import { FakeControl } from '../../fakes/fakeControl.ts';
import { FakeGit } from '../../fakes/fakeGit.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import { Scene } from '../../fakes/scene.ts';

export const claude: RunnerState = {
  runner: 'claude-code',
  provider: 'claude',
  name: 'Claude Code',
  model: 'opus',
  mode: 'ask',
  program: { file: '/bin/claude', version: '2.1.0' },
  known: 'tried',
  problem: null,
};

export const codex: RunnerState = {
  ...claude,
  runner: 'codex',
  provider: 'codex',
  name: 'Codex',
  model: '',
  program: null,
  problem: { kind: 'missing', command: 'codex', install: 'npm i -g codex' },
};

export const gauge: Gauge = {
  gauge: '5h',
  model: null,
  left: 0.75,
  capacity: 88_000,
  capacityCertainty: 'estimated',
  resetsAt: null,
  certainty: 'measured',
  source: 'statusLine',
  at: 0,
  drawn: 0,
  samples: [],
};

/** What was done besides wishes. */
export interface Done {
  readonly desk: [string, ...unknown[]][];
  readonly person: [string, ...unknown[]][];
  readonly failed: unknown[];
}

/** A rig whose owner answers, with a real town behind it and everything else played. */
export class Bench {
  readonly control: FakeControl;
  readonly git = new FakeGit();
  readonly scene: Scene;
  readonly done: Done = { desk: [], person: [], failed: [] };
  runners: readonly RunnerState[] = [claude, codex];
  /** An error: the person's account cannot be read. */
  fuel: Fuel | AccountError = noFuel;
  readonly news: TankNews[] = [];
  /** What accounts answer when they are asked for nothing. */
  polled: readonly Polled[] = [];
  configuration: Configuration = { settings: [], refused: [] };
  plan: OwnerParts['plan'] = () => Promise.resolve({ ok: false, message: 'No model plans here.' });
  accepted = true;
  /** What the desk refuses everything with. */
  refuses: Error | null = null;

  /** `folder`: of its state, for what is written there. */
  constructor(folder = '/state') {
    this.control = new FakeControl('/r/.git', folder);
    this.scene = new Scene(this.control);
  }

  static withFolder(): Bench {
    return new Bench(mkdtempSync(join(tmpdir(), 'rigs cli ')));
  }

  /** Says a command line as a shell would: words at blanks. */
  async says(
    line: string,
    own: Partial<CommandCall> = {},
    speaker: Speaker = 'person',
  ): Promise<CommandResult> {
    return this.run(line === '' ? [] : line.split(' '), own, speaker);
  }

  run(
    argv: readonly string[],
    own: Partial<CommandCall> = {},
    speaker: Speaker = 'person',
  ): Promise<CommandResult> {
    // Each is a call of its own, unless a test says otherwise.
    const call = callOf(argv, { id: randomUUID(), ...own });
    return runCommand(ownerReach(this.parts()), speaker, call, new AbortController().signal);
  }

  async ok(line: string, own: Partial<CommandCall> = {}, speaker: Speaker = 'person'): Promise<string> {
    const { exit, out } = await this.says(line, own, speaker);
    assert.equal(exit, 0, out);
    return out;
  }

  async json(line: string, speaker: Speaker = 'person'): Promise<unknown> {
    return JSON.parse(await this.ok(`${line} --json`, {}, speaker));
  }

  /** What is said when it is not done; also that it says something. */
  async fails(exit: number, line: string, speaker: Speaker = 'person'): Promise<string> {
    const result = await this.says(line, {}, speaker);
    assert.equal(result.exit, exit, `${line}: ${result.out}`);
    assert.notEqual(result.out, '');
    assert.deepEqual(this.done.failed, []);
    return result.out;
  }

  parts(): OwnerParts {
    const { desk, person, failed } = this.done;
    const said =
      (what: string) =>
      (_: unknown, ...words: readonly unknown[]): Promise<void> => {
        desk.push([what, ...words]);
        return this.refuses === null ? Promise.resolve() : Promise.reject(this.refuses);
      };
    return {
      rig: this.control,
      desk: {
        done: (_, summary, claim) => {
          desk.push(['done', summary, claim]);
          return Promise.resolve({ accepted: this.accepted, message: 'The desk’s answer.', goOn: false });
        },
        note: said('note'),
        forgetCheckpoint: said('forget'),
        handOff: said('handOff'),
        comment: said('comment'),
        split: (_, id, drafts) => {
          desk.push(['split', id, drafts]);
          return Promise.resolve([drawnIds(() => 7).bead(() => false)]);
        },
      },
      agents: { runners: () => Promise.resolve(this.runners) },
      accounts: {
        ledger: () => Promise.resolve(emptyLedger),
        fuel: () =>
          this.fuel instanceof AccountError ? Promise.reject(this.fuel) : Promise.resolve(this.fuel),
        tell: (news) => {
          this.news.push(...news);
          return Promise.resolve();
        },
      },
      askTanks: () => Promise.resolve(this.polled),
      configuration: () => this.configuration,
      plan: (goal, signal) => this.plan(goal, signal),
      person: this.person(person),
      entering: entering(
        { git: this.git, repository: this.git.repository, settings: rigSettings() },
        this.control,
      ),
      worktree: () => Promise.resolve({ commit: 'c'.repeat(40), uncommitted: ['src/a.ts'] }),
      now: () => this.control.now,
      since: this.control.now - 60_000,
      failed: (error) => {
        failed.push(error);
      },
    };
  }

  private person(calls: Done['person']): Person {
    const called =
      (what: string) =>
      (...words: readonly unknown[]): Promise<void> => {
        calls.push([what, ...words]);
        return Promise.resolve();
      };
    return {
      rigs: () =>
        Promise.resolve([
          { rig: 'another', root: '/other', name: 'orrery', at: this.control.now - 3_600_000 },
        ]),
      addRig: (source) => {
        calls.push(['addRig', source]);
        return Promise.resolve({ name: 'fresh', root: '/fresh' });
      },
      removeRig: called('removeRig'),
      enableProvider: called('enableProvider'),
      showTerminal: (polecat) => {
        calls.push(['showTerminal', polecat]);
        return true;
      },
    };
  }
}

export function callOf(argv: readonly string[], own: Partial<CommandCall> = {}): CommandCall {
  return {
    id: '0b0e7f6e-0000-4000-8000-000000000001',
    program: 'rigs',
    argv,
    stdin: '',
    cwd: '/r',
    columns: null,
    colours: false,
    ...own,
  };
}

export function agentOf({ id, session }: Polecat): Agent {
  return { polecat: id, token: session?.token ?? 0, role: 'polecat' };
}
