import { deepEqual, equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { goodAgents } from '../../src/vscode/customAgents.ts';
import { settingsReader } from '../../src/vscode/settingsReader.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

describe('Settings in a real VS Code', () => {
  const target = vscode.ConfigurationTarget.Global;
  const config = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration();

  afterEach(() => config().update('rigs.maxPolecats', undefined, target));

  it('of the wrong type are named with their value and the default that is used, once', async () => {
    const under = await SurfaceUnderTest.make();
    try {
      await config().update('rigs.maxPolecats', 'three', target);
      const told = await eventually('a warning', () =>
        under.said.find((one) => one.includes('rigs.maxPolecats')),
      );
      equal(
        told,
        'The setting rigs.maxPolecats is "three", but takes a whole number from 1 to 12. Rigs uses 3 instead.',
      );
      equal(settingsReader.read('rigs.maxPolecats'), 3);
      const times = (): number => under.said.filter((one) => one === told).length;
      const before = times();
      await config().update('rigs.sling.codeLens', false, target);
      await config().update('rigs.sling.codeLens', undefined, target);
      equal(times(), before);
    } finally {
      await under.dispose();
    }
  });

  it('leave out agents that are none, and say what is wrong with each', async () => {
    const under = await SurfaceUnderTest.make();
    try {
      const good = { name: 'Mine', command: 'mine' };
      const written = [good, { name: 'No' }, good];
      const faults: string[] = [];
      deepEqual(
        goodAgents(written, (_entry, why) => faults.push(why)),
        [good],
      );
      deepEqual(faults, ['"command" must be the name or the path of a program.', 'Its name is taken.']);
      await config().update('rigs.agents.custom', written, target);
      await eventually('a warning', () =>
        under.said.includes(
          'The setting rigs.agents.custom holds {"name":"No"}, which is left out. "command" must be the name or the path of a program.',
        ),
      );
    } finally {
      await config().update('rigs.agents.custom', undefined, target);
      await under.dispose();
    }
  });

  it('need no reading: nothing is warned of when nothing is set', async () => {
    const under = await SurfaceUnderTest.make();
    ok(!under.said.some((one) => one.startsWith('The setting')), under.said.join('\n'));
    await under.dispose();
  });
});
