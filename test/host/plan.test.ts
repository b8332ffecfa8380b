import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelAnswer, Models } from '../../src/ports/models.ts';
import { planTool } from '../../src/assayer/contract.ts';
import { commands, planLanguage } from '../../src/vscode/contract.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

const good = `# Goal

Durations

## parse · Parse durations

- Type: implementation

## print · Print durations

- Type: implementation
- Depends on: parse
`;

/** A model that plans two beads. */
const models: Models = {
  complete: (_request, { onText }): Promise<ModelAnswer> => {
    onText?.('Two beads will do.');
    const bead = { type: 'implementation', description: 'x', acceptance: ['y'], touches: ['greet.js'] };
    const beads = [
      { ...bead, key: 'parse', title: 'Parse', depends_on: [] },
      { ...bead, key: 'print', title: 'Print', depends_on: ['parse'] },
    ];
    return Promise.resolve({
      content: [{ type: 'tool_use', id: 't', name: planTool, input: { beads } }],
      stop: 'tool_use',
      usage: { input: 10, cachedInput: 0, output: 5 },
      limits: {},
    });
  },
};

describe('A plan in a real VS Code', () => {
  let under: SurfaceUnderTest;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make(models);
  });
  afterEach(() => under.dispose());

  async function open(text: string): Promise<vscode.TextDocument> {
    const file = join(under.stateFolder, 'goal.plan.rigs.md');
    await writeFile(file, text);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function lenses(document: vscode.TextDocument): Promise<readonly vscode.Command[]> {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      20,
    );
    return found.flatMap((lens) => (lens.command === undefined ? [] : [lens.command]));
  }

  const titles = async (document: vscode.TextDocument): Promise<readonly string[]> => [
    ...new Set((await lenses(document)).map((one) => one.title)),
  ];

  it('is known by its name and offers what can be done with it', async () => {
    const document = await open(good);
    equal(document.languageId, planLanguage);
    deepEqual(await titles(document), [
      '$(play) Execute (review before landing)',
      'Execute and Land',
      'Queue Only',
      '2 beads',
    ]);
  });

  it('shows mistakes at their line while they are typed, and offers nothing until they are mended', async () => {
    const document = await open(good.replace('- Depends on: parse', '- Depends on: prase'));
    const problems = await eventually('a diagnostic', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : null;
    });
    equal(problems[0]?.range.start.line, 11);
    equal(problems[0].severity, vscode.DiagnosticSeverity.Error);
    match((await titles(document)).join(), /1 mistake to mend/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(11).range, '- Depends on: parse');
    await vscode.workspace.applyEdit(edit);
    await eventually('no diagnostic', () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it('becomes a convoy whose beads wait for each other, and asks before it does so twice', async () => {
    const document = await open(good);
    await under.surface.run(commands.executePlan, document.uri);
    const [convoy, ...more] = Object.values(under.control.state.convoys);
    ok(convoy);
    deepEqual(more, []);
    equal(convoy.landing, 'review');
    const [parse, print] = Object.values(under.control.state.beads);
    deepEqual(print?.dependencies, [parse?.id]);
    match((await titles(document)).join(), new RegExp(`Executed as ${convoy.id}`));
    await under.surface.run(commands.executePlan, document.uri);
    equal(Object.keys(under.control.state.convoys).length, 1);
    equal(under.said.at(-1), 'Execute this plan again?');
  });

  it('lands by itself, or waits in the depot, when that was chosen', async () => {
    const document = await open(good);
    await under.surface.run(commands.executePlanAndLand, document.uri);
    equal(Object.values(under.control.state.convoys)[0]?.landing, 'auto');
    const other = join(under.stateFolder, 'other.plan.rigs.md');
    await writeFile(other, good);
    await under.surface.run(commands.queuePlan, vscode.Uri.file(other));
    equal(Object.values(under.control.state.convoys)[1]?.held, true);
  });

  it('starts nothing when it has mistakes', async () => {
    const document = await open('# Goal\n\n## a · \n');
    await under.surface.run(commands.executePlan, document.uri);
    deepEqual(under.control.state.convoys, {});
  });

  it('is written from a goal and opened', async () => {
    under.town.access = {
      provider: 'claude',
      wire: 'anthropic',
      model: 'm',
      baseUrl: null,
      apiKey: 'k',
    };
    under.replace(vscode.window, 'showInputBox', () => Promise.resolve('Parse and print durations'));
    await under.surface.run(commands.executeGoal);
    const [file = ''] = await readdir(join(under.stateFolder, 'plans'));
    match(file, /^\d{4}-\d\d-\d\d-parse-and-print-durations\.plan\.rigs\.md$/);
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.languageId, planLanguage);
    match(document.getText(), /^# Goal\n\nParse and print durations\n[^]*## parse · Parse\n/);
  });

  it('is not made without a model, and what to do about it is said', async () => {
    await under.surface.run(commands.executeGoal);
    equal(under.said.at(-1), 'No model is there to plan with.');
  });
});
