import { deepEqual, equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { goodPrices } from '../../src/config/priceEntries.ts';
import { goodAgents } from '../../src/vscode/customAgents.ts';
import { switchRunner } from '../../src/vscode/switchRunner.ts';
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

  it('leave out prices that are none, say what to write instead, and keep the others', async () => {
    const under = await SurfaceUnderTest.make();
    try {
      const good = {
        provider: 'openai',
        model: 'm',
        input: 1,
        output: 2,
        asOf: '2026-10-16',
        source: 'mine',
      };
      const wrong = { provider: 'openai', model: 'n', input: -1 };
      await config().update('rigs.prices', [good, wrong], target);
      await eventually('a warning', () =>
        under.said.includes(
          'The setting rigs.prices holds {"provider":"openai","model":"n","input":-1}, which is left out. "input" takes what a million input tokens cost, from 0 to 1,000,000.',
        ),
      );
      deepEqual(
        goodPrices(settingsReader.read('rigs.prices')).map(({ models }) => models),
        [['m']],
      );
    } finally {
      await config().update('rigs.prices', undefined, target);
      await under.dispose();
    }
  });

  it('that say which program is an agent are not taken from a workspace', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    ok(folder);
    const file = vscode.Uri.joinPath(folder, '.vscode', 'settings.json');
    const brought = {
      'rigs.codex.model': 'theirs',
      'rigs.codex.command': 'theirs',
      'rigs.codex.args': ['--theirs'],
      'rigs.agents.custom': [{ name: 'Theirs', command: 'theirs' }],
    };
    try {
      await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(brought)));
      await eventually('the model', () => settingsReader.read('rigs.codex.model', folder) === 'theirs');
      equal(settingsReader.read('rigs.codex.command', folder), '');
      deepEqual(settingsReader.read('rigs.codex.args', folder), []);
      deepEqual(settingsReader.read('rigs.agents.custom', folder), []);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
    await eventually('none', () => settingsReader.read('rigs.codex.model', folder) === '');
  });

  it('switch an agent on and off where it is said now', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    ok(folder);
    const key = 'rigs.codex.enabled';
    const inFolder = (): vscode.WorkspaceConfiguration =>
      vscode.workspace.getConfiguration(undefined, folder);
    try {
      await inFolder().update(key, true, vscode.ConfigurationTarget.Workspace);
      equal(await switchRunner({ runner: 'codex', provider: 'codex' }, false, folder.fsPath), true);
      equal(settingsReader.read(key, folder), false);
      equal(inFolder().inspect(key)?.globalValue, undefined);
      equal(await switchRunner({ runner: 'Mine', provider: 'Mine' }, false, folder.fsPath), false);
    } finally {
      await inFolder().update(key, undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('need no reading: nothing is warned of when nothing is set', async () => {
    const under = await SurfaceUnderTest.make();
    ok(!under.said.some((one) => one.startsWith('The setting')), under.said.join('\n'));
    await under.dispose();
  });
});
