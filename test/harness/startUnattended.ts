/** `npm start -- --run`: the main job without a person, in a headless browser, and what came of it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPlaybook } from '../../src/providers/rehearsal/playbooks.ts';
import { type JobReport, carryGoal } from './mainJob.ts';
import { screenshots } from './places.ts';
import { root, say } from './toolchain.mjs';
import { openWorkbench } from './workbench.ts';

const run = promisify(execFile);
/** The agent on this task writes long enough to be caught at it. */
const killed = 'Export rules as iCalendar events';

export type Unattended = { readonly report: JobReport; readonly beads: number; readonly testsPass: boolean };

/** Carries the sample's first goal to merged code and runs the sample's tests on what landed. */
export async function runUnattended(folder: string): Promise<Unattended> {
  const { playbook } = await readPlaybook(join(root, 'media', 'rehearsal', 'sample.playbook.json'));
  const [goal] = playbook.goals;
  if (goal === undefined) throw new Error('The playbook has no goal.');
  const started = Date.now();
  const workbench = await openWorkbench({ folder });
  let report: JobReport;
  try {
    await workbench.showRigs();
    say(`\nGoal: ${goal.goal}`);
    report = await carryGoal(workbench, {
      goal: goal.goal,
      beads: goal.plan.beads.length,
      kill: killed,
      look: async (name) => {
        await workbench.screenshot(`start-${name}`);
      },
      say: (line) => {
        say(`  ${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s  ${line}`);
      },
      limitMs: 8 * 60_000,
    });
    say(`\n${String(report.permissions)} permission asked, ${String(report.approvals)} landings approved.`);
  } catch (error) {
    await workbench.keepEvidence('start');
    throw error;
  } finally {
    await workbench.dispose();
  }
  return { report, beads: goal.plan.beads.length, testsPass: await showResult(folder) };
}

async function showResult(folder: string): Promise<boolean> {
  const graph = await run('git', ['log', '--graph', '--oneline', '--decorate', 'main'], { cwd: folder });
  say(`\n$ git log --graph --oneline main\n${graph.stdout}`);
  const tests = await run('npm', ['test'], { cwd: folder }).catch((error: unknown) => {
    say(String(error));
    return null;
  });
  if (tests === null) return false;
  say(`$ npm test\n${tests.stdout.trim().split('\n').slice(-8).join('\n')}\n`);
  say(`Screenshots: ${screenshots}`);
  say(`Verify it by hand:
  cd ${folder}
  git log -p main                    what landed, with the bead of each commit
  open it in VS Code with Rigs, break a test on main, commit, and sling a TODO:
  the landing refuses, and says which check is red`);
  return true;
}
