import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Wish } from '../../../src/foreman/control.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { openGit } from '../../../src/git/openGit.ts';
import { openAccount } from '../../../src/store/account/openAccount.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { AgentProgram } from '../../../src/ports/agents.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Polecat, Seat } from '../../../src/town/polecat.ts';
import { nodeEnvironment } from '../../../src/vscode/compose/nodeEnvironment.ts';
import { type OpenRig, openRig } from '../../../src/vscode/compose/openRig.ts';
import { IntegratedTerminals } from '../../../src/vscode/terminals.ts';
import { plainDraft } from '../../fakes/events.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import { noCommands } from '../../fakes/noCommands.ts';
import { rigSettings } from '../../fakes/rigSettings.ts';
import { inTurns } from '../ratio.ts';
import { makeBigRepository, plainGit } from './bigRepository.ts';
import { given, tell } from './tell.ts';

/** Runs until it is interrupted and does nothing, so that no agent's work disturbs the next turn. */
const program: AgentProgram = {
  file: process.execPath,
  args: ['-e', 'setInterval(() => undefined, 60_000)'],
  env: nodeEnvironment(),
};
const seat: Seat = { runner: 'worker', provider: 'rehearsal', tank: 'rehearsal', model: 'rehearsal' };
const agents = fakeAgents({
  seats: () => Promise.resolve([seat]),
  start: () => Promise.resolve(program),
  access: () => Promise.reject(new Error('this agent asks no model')),
});
const patienceMs = 60_000;

/** Inside an extension host: a polecat's start by Rigs, and what it cannot do without, in turns. */
export async function run(): Promise<void> {
  const folder = given('FOLDER');
  const repository = join(folder, 'repository');
  await mkdir(repository);
  await makeBigRepository(repository);
  const rig = await open(repository, join(folder, 'storage'));
  try {
    let turn = 0;
    await tell(
      await inTurns({
        subject: () => startPolecat(rig),
        baseline: () => startPlainly(repository, join(folder, 'plain'), `plain-${String((turn += 1))}`),
        warmUp: 2,
        rounds: 11,
      }),
    );
  } finally {
    await rig.close();
  }
}

async function open(folder: string, storageRoot: string): Promise<OpenRig> {
  const git = openGit();
  const rig = await openRig({
    git,
    repository: await git.describe(folder),
    storageRoot,
    window: 'w',
    distFolder: join(vscode.extensions.getExtension('rigs.rigs')?.extensionPath ?? '', 'dist'),
    terminals: new IntegratedTerminals(),
    account: await openAccount({ folder: join(storageRoot, 'account'), clock: systemClock }),
    settings: { ...rigSettings({ maxPolecats: 1 }), checks: () => [] },
    agents: () => Promise.resolve(agents),
    rigs: null,
    commands: noCommands,
    log: { info: () => undefined, error: () => undefined },
  });
  await say(rig, { type: 'confirmChecks', checks: { definitions: [], hash: '', confirmedAt: 0 } });
  return rig;
}

/** From just before the wish that decides it until its agent's start is on record and the rig knows. */
async function startPolecat(rig: OpenRig): Promise<number> {
  const bead = systemIds.bead(() => false);
  const start = performance.now();
  const running = until(rig, bead, ({ session }) => session !== null && session.process !== null);
  await say(rig, { type: 'createBead', bead, convoy: null, draft: plainDraft });
  await running;
  const ms = performance.now() - start;
  const gone = until(rig, bead, ({ cleared }) => cleared);
  await say(rig, { type: 'cancelBead', bead });
  await gone;
  return ms;
}

async function startPlainly(repository: string, worktree: string, branch: string): Promise<number> {
  const start = performance.now();
  await plainGit(repository, 'worktree', 'add', '--quiet', '-b', branch, worktree);
  const { file: shellPath, args, env } = program;
  const terminal = vscode.window.createTerminal({ shellPath, shellArgs: [...args], env, cwd: worktree });
  if ((await terminal.processId) === undefined) throw new Error('the terminal has no process');
  const ms = performance.now() - start;
  terminal.dispose();
  await plainGit(repository, 'worktree', 'remove', '--force', worktree);
  await plainGit(repository, 'branch', '--quiet', '-D', branch);
  return ms;
}

async function say(rig: OpenRig, wish: Wish): Promise<void> {
  const answer = await rig.foreman.wish(wish);
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify([wish.type, answer.refusal])}`);
}

/** Resolves in the turn in which the bead's polecat comes to be so. */
async function until(rig: OpenRig, bead: BeadId, holds: (polecat: Polecat) => boolean): Promise<void> {
  const { foreman } = rig;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop();
      reject(new Error(`not in time: ${holds.toString()} ${JSON.stringify(foreman.state.polecats)}`));
    }, patienceMs);
    const stop = foreman.onChange(() => {
      const polecat = Object.values(foreman.state.polecats).find((one) => one.bead === bead);
      if (polecat === undefined || !holds(polecat)) return;
      clearTimeout(late);
      stop();
      resolve();
    });
  });
}
