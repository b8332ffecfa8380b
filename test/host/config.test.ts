import { equal, match, ok } from 'node:assert/strict';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ConfigFiles } from '../../src/vscode/config/configFiles.ts';
import { configuration, configurationText } from '../../src/vscode/config/configuration.ts';
import { watchConfig } from '../../src/vscode/config/configMarks.ts';
import { settingsReader } from '../../src/vscode/settingsReader.ts';
import { translate } from '../../src/vscode/translate.ts';
import { eventually } from './surfaceUnderTest.ts';

describe('Configuration files in a real VS Code', () => {
  let root: string;
  let files: ConfigFiles;
  let marks: { dispose(): void };
  const said: string[] = [];
  const target = vscode.ConfigurationTarget.Global;
  const strategy = (): string => settingsReader.read('rigs.routing.strategy', vscode.Uri.file(root));
  const write = (name: string, text: string): Promise<void> => writeFile(join(root, name), text);

  beforeEach(async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    ok(folder);
    root = await realpath(folder);
    await mkdir(join(root, '.rigs'), { recursive: true });
    await write('person.toml', '[routing]\nstrategy = "aggressive"\n');
    await write('.rigs/config.toml', '[routing]\nstrategy = "conservative"\nmove_on = "always"\n');
    files = new ConfigFiles(join(root, 'person.toml'));
    said.length = 0;
    marks = watchConfig(files, { warn: (message: string) => said.push(message) });
    await files.load(root);
  });

  afterEach(async () => {
    marks.dispose();
    files.dispose();
    await vscode.workspace.getConfiguration().update('rigs.routing.strategy', undefined, target);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(join(root, '.rigs'), { recursive: true });
    await rm(join(root, 'person.toml'));
  });

  it('count below the editor’s settings, the repository’s above the person’s', async () => {
    equal(strategy(), 'conservative');
    await vscode.workspace.getConfiguration().update('rigs.routing.strategy', 'balanced', target);
    equal(strategy(), 'balanced');
    await vscode.workspace.getConfiguration().update('rigs.routing.strategy', undefined, target);
    await rm(join(root, '.rigs', 'config.toml'));
    await eventually('the person’s', () => strategy() === 'aggressive');
    await write('.rigs/config.toml', '');
  });

  it('show a mistake where it stands, also while it is typed, and say it once', async () => {
    const uri = vscode.Uri.file(join(root, '.rigs', 'config.toml'));
    const found = (): vscode.Diagnostic | undefined => vscode.languages.getDiagnostics(uri)[0];
    const refused = await eventually('a mark', found);
    equal(refused.range.start.line, 2);
    match(refused.message, /routing\.move_on is not a repository’s to say/);
    ok(said.some((one) => one.includes('config.toml, line 3, column 11: ')));
    equal(said.length, 1);
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'x = \n');
    });
    await eventually('the mistake', () => found()?.severity === vscode.DiagnosticSeverity.Error);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('are named as the place a value comes from, with what is refused', () => {
    const text = configurationText(configuration(files, root, translate), 'Title', translate);
    match(text, /rigs\.routing\.strategy = "conservative"\n {4}.*config\.toml, line 2\n/);
    match(text, /## Not followed\n\n- .*config\.toml, line 3, column 11: routing\.move_on/);
    match(text, /rigs\.maxPolecats = 3\n {4}default/);
  });
});
