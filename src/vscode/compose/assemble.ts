import path from 'node:path';
import { clearAside } from '../../foreman/checks/aside.ts';
import { createChecks } from '../../foreman/checks/checks.ts';
import { AgentDesk } from '../../foreman/desk.ts';
import { gitHub } from '../../foreman/forge/gitHub.ts';
import { Foreman } from '../../foreman/foreman.ts';
import { type Places, placesOf } from '../../foreman/places.ts';
import { ProofRooms } from '../../foreman/proofRooms.ts';
import { mostQueueSlots } from '../../town/queueSettings.ts';
import { shellShimWorks } from '../../foreman/shellShim.ts';
import { ShimmedProcesses } from '../../foreman/shimmedProcesses.ts';
import { systemIds } from '../../foreman/systemIds.ts';
import { takeUpInTurn } from '../../gateway/takeUpOutbox.ts';
import { type TokenBook, openTokenBook } from '../../gateway/tokens.ts';
import type { Agents } from '../../ports/agents.ts';
import type { Store } from '../../ports/store.ts';
import { openModels } from '../../providers/models.ts';
import { systemClock } from '../../system/clock.ts';
import { checksToConfirm } from './checksToConfirm.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import type { OpenRigParts } from './rigParts.ts';

/** A rig's loop with everything it works with, not yet started. */
export interface Assembled {
  readonly foreman: Foreman;
  readonly desk: AgentDesk;
  readonly agents: Agents;
  readonly processes: ShimmedProcesses;
  readonly places: Places;
  readonly tokens: TokenBook;
  readonly takeUpReports: () => Promise<void>;
}

export async function assemble(parts: OpenRigParts, memory: Store): Promise<Assembled> {
  const { git, repository, settings, terminals, account } = parts;
  const places = placesOf(repository, memory.folder, settings.worktreeRoot());
  await clearAside(path.dirname(places.trash));
  const agents = await parts.agents(memory.folder);
  const processes = await openProcesses(parts.distFolder, places.spool);
  const tokens = await openTokenBook(path.join(memory.folder, 'tokens.json'));
  const common = { git, repository, places, agents, settings: () => settings.foreman() };
  const foreman = new Foreman({
    ...common,
    rig: memory.rig,
    epoch: memory.epoch,
    account,
    bin: parts.rigs?.bin ?? null,
    terminals,
    processes,
    tokens,
    openModels: (access) => Promise.resolve(openModels(access)),
    checks: createChecks(),
    forge: gitHub({ git, environment: () => process.env }),
    ...(parts.editor === undefined ? {} : { editor: parts.editor }),
    clock: systemClock,
    ids: systemIds,
    // Two proofs at once keep a small machine responsive while agents work.
    proofRooms: new ProofRooms(2),
    queueRooms: new ProofRooms(mostQueueSlots),
    store: memory,
    takeUpReports: () => takeUpReports(),
    findChecks: () => checksToConfirm(parts),
  });
  const { sightings, messages } = foreman;
  const desk = new AgentDesk({
    ...common,
    control: foreman,
    ids: systemIds,
    clock: systemClock,
    sightings,
    messages,
  });
  const takeUpReports = takeUpInTurn({
    home: places.door,
    tokens,
    desk,
    control: foreman,
    notices: {
      post: (notice) => {
        memory.feed(notice);
      },
    },
    now: () => systemClock.now(),
    onError: (error) => {
      parts.log.error('What an agent reported could not be taken up yet.', error);
    },
  });
  return { foreman, desk, agents, processes, places, tokens, takeUpReports };
}

async function openProcesses(distFolder: string, spool: string): Promise<ShimmedProcesses> {
  const shellShim = path.join(distFolder, 'shim.sh');
  return new ShimmedProcesses({
    spool,
    execPath: process.execPath,
    nodeEnv: nodeEnvironment(),
    shimScript: path.join(distFolder, 'shim.cjs'),
    shellShim: (await shellShimWorks(shellShim)) ? shellShim : null,
    clock: systemClock,
  });
}
