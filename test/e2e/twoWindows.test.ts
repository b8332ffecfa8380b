import { makePlan } from '../harness/mainJob.ts';
import { type Workbench, openWorkbench } from '../harness/workbench.ts';
import { type Sample, makeSample } from './rehearsal.ts';

describe('Two windows on one repository', function () {
  this.timeout(240_000);
  // Its tests tell one story: what follows a failure would only wait for what does not come.
  this.bail(true);
  let sample: Sample;
  let first: Workbench;
  let second: Workbench;

  before(async () => {
    sample = await makeSample('rigs two windows', {
      speed: 4,
      slow: 'align columns of numbers to the right',
    });
    first = await openWorkbench({ folder: sample.folder });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await first.keepEvidence(`${this.currentTest.fullTitle()} (first)`);
    await second.keepEvidence(`${this.currentTest.fullTitle()} (second)`);
  });

  after(async () => {
    await first.dispose();
    await sample.remove();
  });

  const rowsOf = async (workbench: Workbench, tree: string, what: RegExp): Promise<boolean> =>
    (await workbench.tree(tree).rows()).some((row) => what.test(`${row.label} ${row.description}`));

  const followed = (): Promise<boolean> => rowsOf(second, 'Rigs', /in another window/);

  it('show the same: the second follows the first live and its commands go there', async () => {
    await makePlan(first, 'Write durations out in words, also on the command line');
    await first.editor.lens('Execute (review before landing)');
    await first.showRigs();
    await first.eventually('checks to confirm', () => rowsOf(first, 'Needs You', /check/i));
    second = await first.another(sample.folder);
    await second.showRigs();
    await first.eventually('the first window named as the one that works', followed);
    const needs = second.tree('Needs You');
    await first.eventually('the same question', () => rowsOf(second, 'Needs You', /check/i));
    const row = (await needs.rows()).find((one) => /check/i.test(one.label));
    await needs.press(row?.label ?? '', 'Confirm Checks');
    await second.quickInput.waitFor();
    await second.page.keyboard.press('Enter');
    await first.eventually('an agent at work, seen in the second', () =>
      rowsOf(second, 'Rigs', /[1-9] working/),
    );
    await first.eventually('an approval in the second', () => rowsOf(second, 'Needs You', /approve/i));
    await second.screenshots('followed');
    const approval = (await needs.rows()).find((one) => /approve/i.test(one.label));
    await needs.press(approval?.label ?? '', 'Approve Landing');
    await first.eventually('the landing', async () =>
      (await sample.git('log', '--format=%s', 'main')).includes('durations'),
    );
  });

  it('change places when the first is closed: the second takes the rig over, and the work goes on there', async () => {
    await second.editor.open('src/table.js');
    await second.editor.menu(/align\scolumns/, 'Sling to Rig');
    await second.showRigs();
    await first.eventually('its agent at work in the first', () => rowsOf(second, 'Beads', /align columns/));
    await first.eventually('a polecat at work', () => rowsOf(second, 'Rigs', /[1-9] working/));
    await first.closeFolder();
    await first.eventually(
      'the takeover',
      () => rowsOf(second, 'Rigs', /^almanac \d+ working · → main/),
      60_000,
    );
    await second.screenshots('taken-over');
    await first.eventually(
      'its work, to be approved here',
      () => rowsOf(second, 'Needs You', /approve.*align/i),
      120_000,
    );
  });
});
