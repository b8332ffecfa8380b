import path from 'node:path';
import type { Foreman } from '../../foreman/foreman.ts';
import type { Messages } from '../../foreman/messages.ts';
import { liveSessions } from '../../foreman/hands/places.ts';
import type { Places } from '../../foreman/places.ts';
import type { ShimmedProcesses } from '../../foreman/shimmedProcesses.ts';
import { openDoor } from '../../gateway/server.ts';
import { watchOutbox } from '../../gateway/watchOutbox.ts';
import { AccountError } from '../../ports/account.ts';
import type { Agents } from '../../ports/agents.ts';
import type { Entering } from '../../ports/entering.ts';
import type { Store } from '../../ports/store.ts';
import { type StoreOptions, openStore } from '../../store/open.ts';
import { systemClock } from '../../system/clock.ts';
import { adopt } from './adopt.ts';
import { type Assembled, assemble } from './assemble.ts';
import { commandLine } from './commandLine.ts';
import { entering } from './entering.ts';
import { followTarget } from './followTarget.ts';
import type { OpenRigParts } from './rigParts.ts';

export interface OpenRig {
  readonly foreman: Foreman;
  readonly agents: Agents;
  readonly processes: ShimmedProcesses;
  readonly messages: Messages;
  readonly entering: Entering;
  /** Takes up changed settings and keys. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Puts one rig together: memory, hands, door and loop, in the order in which they lean on each other. */
export async function openRig(parts: OpenRigParts): Promise<OpenRig> {
  const { git, repository, watch } = parts;
  const memory = await openStore({ ...memoryOf(parts), ...(watch === undefined ? {} : { watch }) });
  try {
    // Before anything moves a ref: whoever owned the rig before moves none any more.
    await git.takeLease(repository, { rig: memory.rig, epoch: memory.epoch });
    return await openAround(parts, memory);
  } catch (error) {
    await memory.close();
    throw error;
  }
}

async function openAround(parts: OpenRigParts, memory: Store): Promise<OpenRig> {
  const assembled = await assemble(parts, memory);
  try {
    return await openDoorOf(parts, memory, assembled);
  } catch (error) {
    await assembled.foreman.close();
    throw error;
  }
}

async function openDoorOf(parts: OpenRigParts, memory: Store, assembled: Assembled): Promise<OpenRig> {
  const { git, settings } = parts;
  const { foreman, agents, processes, places, desk, tokens, takeUpReports } = assembled;
  // First of all, because an agent whose done was kept has ended since: its word comes before its exit.
  await takeUpReports();
  if (memory.initial.rig === null) await adopt(parts, foreman, memory.rig);
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
    run: commandLine(parts, assembled),
    tokens,
    epoch: memory.epoch,
    onError: (error) => {
      parts.log.error('The door failed.', error);
    },
  });
  const outbox = watchOutbox({
    home: places.door,
    takeUp: takeUpReports,
    onError: (error) => {
      parts.log.error('What an agent reported could not be looked for.', error);
    },
  });
  try {
    // Once more: until now there was no door to say it at.
    await takeUpReports();
    await follow();
    await tellAccount(parts, foreman, places, memory);
    await foreman.start();
  } catch (error) {
    await outbox.close();
    // Before the store: a door must not stand open on a memory that is closed.
    await door.close();
    throw error;
  }
  parts.log.info(`opened rig ${parts.repository.root} (${memory.folder}), door at ${door.address}`);
  return {
    foreman,
    agents,
    processes,
    messages: foreman.messages,
    entering: entering(parts, foreman),
    refresh: async () => {
      await follow();
      await foreman.refresh();
    },
    close: async () => {
      desk.close();
      await outbox.close();
      // The claim is given back whatever becomes of the door: else this window would wait for itself.
      await door.close().catch((error: unknown) => {
        parts.log.error('The door could not be closed.', error);
      });
      await foreman.close();
    },
  };
}

/** What runs here is told at once; an account that cannot be read keeps new agents from starting, and nothing else. */
async function tellAccount(
  { account, repository, log }: OpenRigParts,
  { state }: Foreman,
  { spool }: Places,
  { rig, epoch }: Store,
): Promise<void> {
  try {
    await account.reconcile({ rig, epoch }, liveSessions(state, spool));
    const name = state.rig?.name ?? path.basename(repository.root);
    await account.rigSeen({ rig, root: repository.root, name });
  } catch (error) {
    if (!AccountError.is(error)) throw error;
    log.error('Your other windows could not be told of this rig.', error);
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
