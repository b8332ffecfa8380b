import { equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { archiveAfterMs } from '../../src/town/decide/archive.ts';
import { commands, schemes } from '../../src/vscode/contract.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

describe('The archive in a real VS Code', () => {
  let under: SurfaceUnderTest;
  let pick: vscode.QuickPick<vscode.QuickPickItem> | undefined;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make();
    const { createQuickPick } = vscode.window;
    under.replace(vscode.window, 'createQuickPick', () => (pick = createQuickPick()));
  });
  afterEach(() => under.dispose());

  const labels = (): string => (pick?.items ?? []).map(({ label }) => label).join(', ');

  it('finds a bead that left the trees, and opens what is known of it', async () => {
    const beads = await under.scene.convoy('Durations', [
      { title: 'Parse', description: 'Reads two hours.' },
      { title: 'Print' },
    ]);
    for (const bead of beads) await under.scene.say({ type: 'cancelBead', bead });
    under.control.now += archiveAfterMs;
    await under.scene.say({ type: 'tick', seats: [], maxPolecats: 0 });
    const ran = under.surface.run(commands.searchArchive);
    await eventually('both beads', () => labels() === 'Parse, Print' || labels() === 'Print, Parse');
    ok(pick);
    pick.value = 'nowhere';
    await eventually('a word that there is none', () => labels().startsWith('No archived bead has'));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    pick.value = 'two hours';
    await eventually('the bead with these words', () => labels() === 'Parse');
    equal(pick.busy, false);
    await eventually('the row that Enter would take', () => pick?.activeItems[0]?.label === 'Parse');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await ran;
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.uri.scheme, schemes.bead);
    match(document.getText(), /^# Parse\n[^]*- Archived: [^]*Reads two hours\./);
  });

  it('opens from a link a bead that the state has no more', async () => {
    const [bead] = await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    ok(bead);
    await under.scene.say({ type: 'cancelBead', bead });
    under.control.now += archiveAfterMs;
    await under.scene.say({ type: 'tick', seats: [], maxPolecats: 0 });
    const rig = under.control.repository.commonDir;
    await under.surface.run(commands.showBead, { kind: 'bead', rig, bead });
    match(vscode.window.activeTextEditor?.document.getText() ?? '', /^# Parse\n/);
  });
});
