/**
 * `kill -9` of an agent between two pieces of its work → its next request comes to the model, in the same conversation;
 * against Claude Code's own background sessions, with the same program, model and work.
 */
import { strictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { claudeCode } from '../../../src/providers/claude/agent.ts';
import { rigsProgram } from '../../harness/rigsProgram.ts';
import { Gate, type Step, commit, done, say, tasks } from '../../harness/wire/play.ts';
import type { Wire } from '../../harness/wire/wire.ts';
import { AgentRig } from '../../integration/way/agentRig.ts';
import { BackgroundClaude } from '../backgroundClaude.ts';
import { type Measurement, figure } from '../figure.ts';
import { inTurns } from '../ratio.ts';

const rounds = 3;
const limitMs = 90_000;

interface Work {
  readonly title: string;
  readonly file: string;
  /** It is killed while it waits for what it does second. */
  readonly gate: Gate;
  readonly steps: readonly Step[];
}

let works = 0;

function newWork(...last: readonly Step[]): Work {
  const file = `words-${String((works += 1))}.txt`;
  const gate = new Gate();
  const steps = [commit(file, 'one'), gate.before(commit(file, 'two')), ...last];
  return { title: `Write two words into ${file}`, file, gate, steps };
}

/** Ms from an instant until the task's conversation asked for what is done second. */
function askedAfter(since: number, wire: Wire, queue: string, { title }: Work): number {
  const asked = wire
    .requests(queue)
    .find(
      ({ main, answered, said, at }) =>
        at >= since && main && answered === 1 && said.some((one) => one.includes(title)),
    );
  return (asked?.at ?? NaN) - since;
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not in time: ${what}`);
    await sleep(50);
  }
}

async function byRigs(agents: AgentRig): Promise<number> {
  const work = newWork(done(), say('All is done.'));
  const { title, file, gate, steps } = work;
  await agents.give(title, [{ title, provider: 'claude-code', steps }]);
  await agents.until(title, () => gate.reached >= 1);
  const killed = Date.now();
  await agents.rig.kill(agents.bead(title).id);
  await agents.until(title, () => gate.reached >= 2);
  const ms = askedAfter(killed, agents.wire, 'claude', work);
  gate.open();
  await agents.until(title, () => agents.hasLanded(title));
  strictEqual(await agents.repository.landed(file), 'one\ntwo');
  return ms;
}

async function byBackground(agents: AgentRig, background: BackgroundClaude): Promise<number> {
  const work = newWork(say('All is done.'));
  const { title, file, gate, steps } = work;
  agents.wire.queue(BackgroundClaude.queue, tasks({ [title]: steps }));
  const worktree = file.replace('.txt', '');
  await background.give(title, worktree);
  try {
    await until(() => gate.reached >= 1, 'a background session at work');
    const killed = await background.kill();
    await until(() => gate.reached >= 2, 'the background session at work again');
    const ms = askedAfter(killed, agents.wire, BackgroundClaude.queue, work);
    gate.open();
    const both = async (): Promise<boolean> => (await background.committed(worktree, file)) === 'one\ntwo';
    await until(both, 'both words of the background session');
    return ms;
  } finally {
    await background.stop();
  }
}

async function measure(): Promise<Measurement> {
  const agents = await AgentRig.open({ vendors: [claudeCode], rigs: await rigsProgram() });
  try {
    const background = await BackgroundClaude.open(agents.wire);
    try {
      const { subjectMs, baselineMs, runs } = await inTurns({
        subject: () => byRigs(agents),
        baseline: () => byBackground(agents, background),
        warmUp: 0,
        rounds,
      });
      return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
    } finally {
      await background.close();
    }
  } finally {
    await agents.close();
  }
}

figure({
  name: 'agents.resume',
  unit: 'x',
  target: 0.5,
  against: 'claude --bg, killed → asks its model again, ms',
  measure,
});
