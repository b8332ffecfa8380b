import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { planGoal } from '../../../src/assayer/planner.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { createRunGit } from '../../../src/git/run.ts';
import { openModels } from '../../../src/providers/models.ts';
import { readPlaybook } from '../../../src/providers/rehearsal/playbooks.ts';
import { createSample } from '../../../src/providers/rehearsal/sample.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { planToDrafts } from '../../../src/town/plan.ts';
import { root } from '../../harness/toolchain.mjs';
import { HeadlessRig } from './headlessRig.ts';

const run = promisify(execFile);
const media = path.join(root, 'media', 'rehearsal');
const playbook = path.join(media, 'sample.playbook.json');

describe('the way through, without an editor', function () {
  this.timeout(240_000);
  let place: string;

  beforeEach(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'rigs way é '));
  });

  afterEach(async () => {
    await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  async function begin(goalIndex: number, landing: 'review' | 'auto'): Promise<HeadlessRig> {
    const folder = await createSample({ git: createRunGit('git'), mediaFolder: media, into: place });
    const rig = await HeadlessRig.open({ folder, playbook });
    const { goals } = (await readPlaybook(playbook)).playbook;
    const goal = goals[goalIndex]?.goal ?? '';
    const access = await rig.rig.agents.assayer('planner');
    assert.ok(access !== null);
    const { plan } = await planGoal({
      goal,
      facts: { name: 'almanac', target: 'main', files: [], checks: [] },
      models: openModels(access),
      model: access.model,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    const beads = planToDrafts(plan, (taken) => systemIds.bead(taken));
    const convoy = systemIds.convoy();
    await rig.rig.foreman.wish({ type: 'createConvoy', convoy, title: goal, landing, held: false, beads });
    return rig;
  }

  it('carries a goal of six beads to merged code: a red check, a permission, a conflict and a kill on the way', async () => {
    const rig = await begin(0, 'review');
    try {
      await rig.until(() => rig.bead('Export rules as iCalendar events').status === 'in_progress');
      await rig.kill(rig.bead('Export rules as iCalendar events').id);
      await rig.until(() => rig.allEnded());
      for (const bead of Object.values(rig.state.beads)) assert.equal(bead.status, 'completed', bead.title);
      const folder = path.join(place, 'almanac');
      const { stdout } = await run('git', ['log', '--format=%s', 'main'], { cwd: folder });
      for (const bead of Object.values(rig.state.beads)) assert.ok(stdout.includes(bead.title), bead.title);
      await run(process.execPath, ['--test'], { cwd: folder });
      const said = rig.notices.map((one) => one.why?.code);
      assert.ok(said.includes('check_failed'), 'a red check came back to its agent');
      const conflict = rig.notices.find((one) => one.why?.code === 'landing_conflict')?.why;
      assert.ok(conflict != null, 'a conflict came back to its agent');
      const told = await readFile(String(conflict.facts['output']), 'utf8');
      assert.match(told, /^# Landed meanwhile: /m, 'with what the other side is for');
      assert.match(told, /^\+\+<<<<<<< /m);
      assert.ok(
        rig.notices.some((one) => one.what === 'ask.raised'),
        'a permission was asked',
      );
      assert.ok(
        rig.notices.some((one) => one.what === 'session.ended' && one.facts['polecat'] !== null),
        'the killed agent was seen',
      );
    } finally {
      await rig.close();
    }
  });
});
