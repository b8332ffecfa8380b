import { ok } from 'node:assert/strict';
import { runUnattended } from '../harness/startUnattended.ts';
import { type Sample, makeSample } from './rehearsal.ts';

describe('npm start -- --run', function () {
  this.timeout(300_000);
  let sample: Sample;

  before(async () => {
    sample = await makeSample();
  });

  after(() => sample.remove());

  it('carries the sample goal to merged code in a real workbench, with a kill, a permission and a conflict on the way', async () => {
    const result = await runUnattended(sample.folder);
    ok(result.report.killed, 'an agent was killed at work');
    ok(result.report.permissions >= 1, 'a permission was asked and given');
    ok(result.report.redCheck, 'a red check came back to its agent');
    ok(result.report.conflict, 'a conflict came back to its agent');
    ok(result.report.approvals >= result.beads, 'every landing was approved');
    ok(result.testsPass, 'what landed passes the tests of the sample');
  });
});
