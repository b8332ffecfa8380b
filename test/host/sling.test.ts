import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../src/vscode/contract.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

describe('Sling to Rig in a real VS Code', () => {
  let under: SurfaceUnderTest;
  let document: vscode.TextDocument;
  let editor: vscode.TextEditor;

  beforeEach(async () => {
    await vscode.extensions.getExtension('rigs.rigs')?.activate();
    under = await SurfaceUnderTest.make();
    document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(under.root, 'greet.js')));
    editor = await vscode.window.showTextDocument(document);
  });
  afterEach(() => under.dispose());

  const slung = (): readonly object[] =>
    Object.values(under.control.state.beads).map(({ title, source }) => ({ title, ...source }));

  async function quickFix(line: number): Promise<vscode.CodeAction | undefined> {
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(line, 0, line, 0),
    );
    return found.find((one) => one.command?.command === commands.sling);
  }

  it('is a quick fix on a TODO, makes one bead of it, and finds that bead again', async () => {
    const fix = await quickFix(0);
    const place: unknown = fix?.command?.arguments?.[0];
    ok(place, 'there is no quick fix on the TODO');
    await under.surface.run(commands.sling, place);
    deepEqual(slung(), [
      {
        title: 'greet by name',
        kind: 'todo',
        file: 'greet.js',
        line: 0,
        symbol: Object.values(under.control.state.beads).map(({ source }) =>
          source.kind === 'todo' ? source.symbol : null,
        )[0],
        text: 'greet by name',
      },
    ]);
    const [bead] = Object.keys(under.control.state.beads);
    match(under.said.at(-1) ?? '', new RegExp(`^Slung as ${bead ?? '?'}: greet by name`));
    await under.surface.run(commands.sling, place);
    equal(slung().length, 1);
    match(under.said.at(-1) ?? '', new RegExp(`slung before, as ${bead ?? '?'}`));
  });

  it('is no quick fix where nothing is to do', async () => {
    equal(await quickFix(1), undefined);
  });

  it('is a lens above a TODO', async () => {
    const lenses = await eventually('lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return found.length > 0 ? found : null;
    });
    deepEqual(
      lenses.map((lens) => [lens.command?.title, lens.range.start.line]),
      [['Sling to Rig', 0]],
    );
  });

  it('takes a selection as it is', async () => {
    editor.selection = new vscode.Selection(1, 0, 1, document.lineAt(1).text.length);
    await under.surface.run(commands.sling);
    equal(Object.values(under.control.state.beads)[0]?.title, document.lineAt(1).text);
  });

  it('says so when the line asks for nothing', async () => {
    editor.selection = new vscode.Selection(1, 3, 1, 3);
    await under.surface.run(commands.sling);
    deepEqual(slung(), []);
    match(under.said.at(-1) ?? '', /There is no TODO on this line/);
  });
});
