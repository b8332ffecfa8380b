import path from 'node:path';
import type * as vscode from 'vscode';
import { createChecks, findChecks, hashChecks } from '../../foreman/checks/checks.ts';
import { AgentDesk } from '../../foreman/desk.ts';
import { liveSessions } from '../../foreman/hands/places.ts';
import { Foreman } from '../../foreman/foreman.ts';
import { placesOf } from '../../foreman/places.ts';
import { ProofRooms } from '../../foreman/proofRooms.ts';
import { shellShimWorks } from '../../foreman/shellShim.ts';
import { ShimmedProcesses } from '../../foreman/shimmedProcesses.ts';
import { systemIds } from '../../foreman/systemIds.ts';
import { openDoor } from '../../gateway/server.ts';
import { statusOf } from '../../gateway/status.ts';
import { openTokenBook } from '../../gateway/tokens.ts';
import { takeUpOutbox } from '../../gateway/takeUpOutbox.ts';
import type { Account } from '../../ports/account.ts';
import type { Agents } from '../../ports/agents.ts';
import { type Git, GitError, type Repository } from '../../ports/git.ts';
import type { Notice } from '../../ports/notices.ts';
import type { Store } from '../../ports/store.ts';
import { type StoreOptions, openStore } from '../../store/open.ts';
import type { OwnerWatch } from '../../store/ownerWatch.ts';
import { systemClock } from '../../system/clock.ts';
import type { Terminals } from '../../ports/terminals.ts';
import type { Reason } from '../../town/reason.ts';
import { followTarget } from './followTarget.ts';
import type { RigSettings } from './rigSettings.ts';

export interface OpenRigParts {
  readonly git: Git;
  readonly repository: Repository;
  readonly storageRoot: string;
  /** Key of this window, the same over its reloads. */
  readonly window: string;
  /** What this window has seen of the rig's owner so far. */
  readonly watch?: OwnerWatch;
  readonly distFolder: string;
  readonly terminals: Terminals;
  readonly settings: RigSettings;
  /** The person's, shared by all their windows. */
  readonly account: Account;
  readonly agents: (stateFolder: string) => Promise<Agents>;
  readonly log: Pick<vscode.LogOutputChannel, 'info' | 'error'>;
  /** The setting names a target that the rig cannot have; absent where nobody looks. */
  readonly targetRefused?: (why: Reason) => void;
}

export interface OpenRig {
  readonly foreman: Foreman;
  readonly agents: Agents;
  readonly processes: ShimmedProcesses;
  /** Takes up changed settings and keys. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Puts one rig together: memory, hands, door and loop, in the order in which they lean on each other. */
export async function openRig(parts: OpenRigParts): Promise<OpenRig> {
  const { git, repository, settings, terminals } = parts;
  const store = await openStore({
    ...memoryOf(parts),
    ...(parts.watch === undefined ? {} : { watch: parts.watch }),
  });
  try {
    // Before anything moves a ref: whoever owned the rig before moves none any more.
    await git.takeLease(repository, { rig: store.rig, epoch: store.epoch });
    return await around(store);
  } catch (error) {
    await store.close();
    throw error;
  }

  async function around(memory: Store): Promise<OpenRig> {
    const places = placesOf(repository, memory.folder, settings.worktreeRoot());
    const shellShim = path.join(parts.distFolder, 'shim.sh');
    const agents = await parts.agents(memory.folder);
    const processes = new ShimmedProcesses({
      spool: places.spool,
      execPath: process.execPath,
      nodeEnv: nodeEnvironment(),
      shimScript: path.join(parts.distFolder, 'shim.cjs'),
      shellShim: (await shellShimWorks(shellShim)) ? shellShim : null,
      clock: systemClock,
    });
    const tokens = await openTokenBook(path.join(memory.folder, 'tokens.json'));
    const { rig } = memory;
    const foreman = new Foreman({
      repository,
      rig,
      account: parts.account,
      takeUpReports: async () => {
        await takeUpReports();
      },
      places,
      git,
      terminals,
      agents,
      processes,
      tokens,
      checks: createChecks(),
      clock: systemClock,
      ids: systemIds,
      // Two proofs at once keep a small machine responsive while agents work.
      proofRooms: new ProofRooms(2),
      store: memory,
      settings: () => settings.foreman(),
      findChecks: async () => {
        const definitions = settings.checks() ?? (await findChecks(repository.root));
        return { type: 'proposeChecks', ask: systemIds.ask(), definitions, hash: hashChecks(definitions) };
      },
    });
    const desk = new AgentDesk({
      git,
      repository,
      places,
      agents,
      settings: () => settings.foreman(),
      control: foreman,
    });
    const notices = {
      post: (notice: Notice) => {
        memory.feed(notice);
      },
    };
    let takingUp: Promise<unknown> = Promise.resolve();
    function takeUpReports(): Promise<unknown> {
      // One after the other: two at once would move the same files.
      takingUp = takingUp.then(() =>
        takeUpOutbox({ home: places.door, tokens, desk, notices, now: () => systemClock.now() }),
      );
      return takingUp;
    }
    // First of all, because an agent whose done was kept has ended since: its word comes before its exit.
    await takeUpReports();
    if (memory.initial.rig === null) {
      const target = await firstTarget(parts);
      // Whoever adds a rig takes its configuration as it stands; what an agent writes into it later is another matter.
      await git.approvePrograms(repository, await git.localPrograms(repository));
      await foreman.wish({
        type: 'adoptRig',
        id: memory.rig,
        name: path.basename(repository.root),
        commonDir: repository.commonDir,
        target,
      });
    }
    const follow = (): Promise<void> =>
      followTarget({
        git,
        control: foreman,
        target: () => settings.target(),
        refused: (why) => parts.targetRefused?.(why),
      });
    const door = await openDoor({
      home: places.door,
      desk,
      rig: foreman,
      status: () => statusOf(foreman),
      tokens,
      epoch: memory.epoch,
    });
    try {
      await follow();
      await parts.account.reconcile(rig, liveSessions(foreman.state, places.spool));
      const { name = path.basename(repository.root) } = foreman.state.rig ?? {};
      await parts.account.rigSeen({ rig, root: repository.root, name });
      await foreman.start();
    } catch (error) {
      // Before the store: a door must not stand open on a memory that is closed.
      await door.close();
      throw error;
    }
    parts.log.info(`opened rig ${repository.root} (${memory.folder}), door at ${door.address}`);
    return {
      foreman,
      agents,
      processes,
      refresh: async () => {
        await follow();
        await foreman.refresh();
      },
      close: async () => {
        await door.close();
        await foreman.close();
      },
    };
  }
}

/** Where the memory of a rig lies, and whose window asks for it. */
export function memoryOf({
  repository,
  storageRoot,
  window,
}: Pick<OpenRigParts, 'repository' | 'storageRoot' | 'window'>): StoreOptions {
  return { commonDir: repository.commonDir, storageRoot, window, clock: systemClock };
}

/** Throws GitError `no_target`: work must know where to land before there is any. */
async function firstTarget({ git, repository, settings }: OpenRigParts): Promise<string> {
  const target = settings.target() ?? repository.branch;
  if (target === null)
    throw new GitError('no_target', `${repository.root} has no branch checked out (detached HEAD).`);
  if ((await git.tip(repository, target)) === null)
    throw new GitError('no_target', `${repository.root} has no branch ${target}.`);
  return target;
}

/** On a desktop the host's program is the editor itself, which must be told to be a Node. */
export function nodeEnvironment(): Readonly<Record<string, string>> {
  return process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
}
