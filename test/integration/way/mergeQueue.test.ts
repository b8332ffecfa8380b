import assert from 'node:assert/strict';
import type { RequestId } from '../../../src/town/ids.ts';
import type { MergeRequest } from '../../../src/town/mergeRequest.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { HeadlessRig } from './headlessRig.ts';

describe('A branch of a person on its way', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: HeadlessRig;

  beforeEach(async () => {
    // What it counts as proven is that nobody broke the sum.
    const check = `node -e "process.exit(require('node:fs').readFileSync('sum.txt', 'utf8').includes('2') ? 0 : 1)"`;
    const scripts = { test: check };
    box = await sandbox({ 'package.json': `${JSON.stringify({ scripts })}\n`, 'sum.txt': '2\n' });
    rig = await HeadlessRig.open({ folder: box.root, git: box.git });
  });
  afterEach(async () => {
    await rig.close();
    await box.end();
  });

  const request = (id: RequestId): MergeRequest => rig.state.requests[id] ?? assert.fail();
  const ids = () => ({ bead: systemIds.bead(() => false), request: systemIds.request() });
  /** Puts a branch into the queue and follows it until it landed or came back. */
  const through = async (branch: string, files: Record<string, string>): Promise<MergeRequest> => {
    const tip = await box.beside(await box.at('main'), files);
    await box.person('branch', branch, tip);
    const wanted = { ...ids(), branch, title: branch };
    const early = await rig.rig.entering.enter(wanted);
    assert.ok(!early.ok && early.refusal.code === 'checks_unconfirmed', JSON.stringify(early));
    await rig.until(() => rig.state.rig?.checks != null);
    const entered = await rig.rig.entering.enter(wanted);
    assert.ok(entered.ok, JSON.stringify(entered));
    return ended(entered.request);
  };
  const ended = async (id: RequestId): Promise<MergeRequest> => {
    await rig.until(() => ['landed', 'failed', 'conflict'].includes(request(id).stage), rig.agree, 40_000);
    return request(id);
  };

  it('is proven, waits for its yes, lands, and is taken back through the queue; it is the person’s to bring again', async () => {
    const landing = await through('mine', { 'other.txt': 'by hand\n' });
    assert.equal(landing.stage, 'landed', rig.story());
    assert.deepEqual(
      landing.candidate?.checks.map(({ name, outcome }) => [name, outcome]),
      [['test', 'passed']],
    );
    assert.equal(await box.person('show', 'main:other.txt'), 'by hand');
    assert.equal(rig.state.beads[landing.bead]?.status, 'completed');

    const wanted = { ...ids(), landing: landing.id };
    const entered = await rig.rig.entering.revert(wanted);
    assert.ok(entered.ok, JSON.stringify(entered));
    assert.equal((await ended(entered.request)).stage, 'landed', rig.story());
    assert.equal(await box.person('ls-tree', '--name-only', 'main', 'other.txt'), '');
    assert.equal(rig.state.beads[landing.bead]?.status, 'completed', 'no agent is given it');
    assert.equal(await box.at('mine'), landing.head);
  });

  it('that breaks a check does not land, and its bead says which', async () => {
    const main = await box.at('main');
    const back = await through('broken', { 'sum.txt': '3\n' });
    assert.equal(back.stage, 'failed');
    const bead = rig.state.beads[back.bead];
    assert.deepEqual([bead?.status, bead?.reason?.code], ['failed', 'landing_check_failed']);
    assert.equal(await box.at('main'), main);
  });
});
