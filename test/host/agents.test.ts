import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Polecat } from '../../src/town/polecat.ts';
import { bypassAllowed, watchBypass } from '../../src/vscode/bypass.ts';
import { commands, schemes, trees } from '../../src/vscode/contract.ts';
import { fakeMemento } from '../fakes/fakeMemento.ts';
import { codexRunner } from '../fakes/fakeTownAgents.ts';
import { askId } from '../fakes/scene.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

describe('Agents on the surface of a real VS Code', () => {
  let under: SurfaceUnderTest;
  let polecat: Polecat;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make();
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [found] = await under.scene.start();
    ok(found);
    polecat = found;
  });
  afterEach(() => under.dispose());

  const who = (): { readonly polecat: Polecat['id']; readonly token: number } => ({
    polecat: polecat.id,
    token: polecat.token,
  });
  const rig = (): string => under.control.repository.commonDir;

  async function row(
    tree: keyof typeof trees,
  ): Promise<{ readonly kind: string; readonly element: unknown }> {
    const provider = under.surface.trees[trees[tree]];
    const [element] = (await provider.getChildren()) ?? [];
    ok(element);
    const item = await provider.getTreeItem(element);
    return { kind: item.contextValue ?? '', element };
  }

  /** Answers every message that offers the button with it, and remembers what was offered. */
  function press(button: string, kind: 'showInformationMessage' | 'showWarningMessage'): readonly string[][] {
    const offered: string[][] = [];
    under.replace(vscode.window, kind, (message: string, ...rest: readonly unknown[]) => {
      const items = rest.filter((one): one is string => typeof one === 'string');
      offered.push([message, ...items]);
      return Promise.resolve(items.includes(button) ? button : undefined);
    });
    return offered;
  }

  it('answer a question with the person’s words', async () => {
    await under.scene.say({ type: 'askQuestion', ask: askId(1), ...who(), question: 'Which unit?' });
    const { kind, element } = await row('needsYou');
    equal(kind, 'need.question');
    under.replace(vscode.window, 'showInputBox', () => Promise.resolve(' milliseconds '));
    await under.surface.run(commands.answerQuestion, element);
    const ask = under.control.state.asks[askId(1)];
    deepEqual([ask?.answer, ask?.reply], ['reply', 'milliseconds']);
  });

  it('show a request in full, with what cannot be seen', async () => {
    const detail = `echo ok\u202e; rm -rf ~ # ${'x'.repeat(5000)} end`;
    await under.scene.say({ type: 'askPermission', ask: askId(1), ...who(), tool: 'run', detail });
    await under.surface.run(commands.showRequest, { kind: 'ask', rig: rig(), ask: askId(1) });
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.uri.scheme, schemes.ask);
    match(document.getText(), /echo ok\\u\{202e\}; rm -rf ~ # x{5000} end/);
  });

  it('leave a request that is on its own screen to its terminal', async () => {
    await under.scene.say({ type: 'askPermission', ask: askId(1), ...who(), tool: 'run', detail: 'make' });
    await under.scene.say({ type: 'leaveToScreen', ask: askId(1) });
    const { kind, element } = await row('needsYou');
    equal(kind, 'need.onScreen');
    await under.surface.run(commands.allow, element);
    equal(under.control.state.asks[askId(1)]?.answer, null);
    equal(under.said.at(-1), 'No agent asks for permission.');
  });

  it('call a person who looks elsewhere, once, with the buttons of the row', async () => {
    under.replace(vscode.window, 'state', { focused: false, active: false } as never);
    const offered = press('Always Allow in This Rig', 'showInformationMessage');
    await under.scene.say({ type: 'askPermission', ask: askId(1), ...who(), tool: 'run', detail: 'make' });
    await eventually('the answer', () => under.control.state.asks[askId(1)]?.answer === 'always');
    under.town.tell();
    deepEqual(
      offered.filter(([message]) => message?.includes('make') === true),
      [['nux asks to run: make', 'Allow', 'Always Allow in This Rig', 'Deny', 'Show Request']],
    );
  });

  it('are asked about when their terminal was closed by hand: end the work, or keep it as stuck', async () => {
    const offered = press('End the Work', 'showWarningMessage');
    const exit = { how: 'closed', code: null, signal: null } as const;
    await under.scene.say({ type: 'sessionEnded', ...who(), exit, ask: askId(1) });
    await eventually('the end', () => under.control.state.beads[polecat.bead]?.status === 'failed');
    deepEqual(offered[0]?.slice(1), ['End the Work', 'Keep as Stuck']);
  });

  for (const [delivery, said] of [
    ['heard', 'nux heard you.'],
    ['queued', 'nux is told as soon as it listens.'],
    ['refused', 'nux cannot hear you now: its agent is not running in this window.'],
  ] as const) {
    it(`tell what became of a message that was ${delivery}`, async () => {
      under.town.agents.delivery = delivery;
      under.replace(vscode.window, 'showInputBox', () => Promise.resolve('Use UTC.'));
      const subject = { kind: 'polecat', rig: rig(), polecat: polecat.id };
      await under.surface.run(commands.messagePolecat, subject);
      deepEqual(under.town.agents.messages, [{ polecat: polecat.id, text: 'Use UTC.' }]);
      equal(under.said.at(-1), said);
    });
  }

  it('continue each other’s work', async () => {
    const missing = { kind: 'missing', command: 'gemini', install: null } as const;
    under.town.agents.known = [
      codexRunner,
      { ...codexRunner, runner: 'gemini-cli', provider: 'gemini', name: 'Gemini CLI', problem: missing },
    ];
    let offered: readonly vscode.QuickPickItem[] = [];
    under.replace(vscode.window, 'showQuickPick', (items: readonly vscode.QuickPickItem[]) => {
      offered = items;
      return Promise.resolve(items[0]);
    });
    await under.surface.run(commands.continueWith, { kind: 'polecat', rig: rig(), polecat: polecat.id });
    deepEqual(
      offered.map(({ label }) => label),
      ['Codex'],
    );
    deepEqual(under.control.wishes.at(-1), { type: 'continueWith', bead: polecat.bead, provider: 'codex' });
  });

  it('are installed by a line that waits in a terminal for the person’s Enter', async () => {
    const problem = { kind: 'missing', command: 'codex', install: 'echo installed > made-by-rigs' } as const;
    under.town.agents.known = [{ ...codexRunner, program: null, problem }];
    await under.surface.run(commands.installAgent, { kind: 'runner', rig: rig(), runner: 'codex' });
    const terminal = await eventually('its terminal', () =>
      vscode.window.terminals.find((one) => one.name === 'Install Codex'),
    );
    terminal.dispose();
    const made = vscode.Uri.joinPath(vscode.Uri.file(under.root), 'made-by-rigs');
    await vscode.workspace.fs.stat(made).then(
      () => {
        throw new Error('the line was run');
      },
      () => undefined,
    );
  });

  it('are tested by looking again, and say what can be done', async () => {
    const problem = { kind: 'missing', command: 'codex', install: 'x' } as const;
    under.town.agents.known = [{ ...codexRunner, program: null, problem }];
    const offered = press('', 'showWarningMessage');
    await under.surface.run(commands.testProvider, { kind: 'runner', rig: rig(), runner: 'codex' });
    ok(under.town.agents.looks > 0);
    deepEqual(offered, [['Codex: codex not found', 'Install…']]);
  });

  it('are switched off and on where the person said it', async () => {
    under.town.agents.known = [codexRunner];
    const subject = { kind: 'runner', rig: rig(), runner: 'codex' };
    const read = (): unknown => vscode.workspace.getConfiguration().get('rigs.codex.enabled');
    try {
      await under.surface.run(commands.disableProvider, subject);
      equal(read(), false);
      under.town.agents.known = [{ ...codexRunner, problem: { kind: 'disabled' } }];
      await under.surface.run(commands.enableProvider, subject);
      equal(read(), true);
    } finally {
      const target = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration().update('rigs.codex.enabled', undefined, target);
    }
  });

  it('that never ask do so only after a person said yes to exactly that', async () => {
    const config = vscode.workspace.getConfiguration();
    const target = vscode.ConfigurationTarget.Global;
    const memory = fakeMemento();
    // Another window asked about a folder that is not open here: its word is its own.
    const elsewhere = 'rigs.bypass.confirmed rigs.codex.mode /somewhere/else';
    await memory.update(elsewhere, true);
    const allowed = (): boolean => bypassAllowed(memory)('codex', vscode.Uri.file(under.root));
    const offered = press('', 'showWarningMessage');
    const watch = watchBypass(memory, () => [under.root]);
    try {
      await config.update('rigs.codex.mode', 'bypass', target);
      await eventually('the question', () => offered.some(([said]) => said?.includes('Codex') === true));
      equal(allowed(), false);
      await config.update('rigs.codex.mode', 'ask', target);
      press('Let It Never Ask', 'showWarningMessage');
      await config.update('rigs.codex.mode', 'bypass', target);
      await eventually('the yes', allowed);
      await config.update('rigs.codex.mode', 'ask', target);
      await eventually('the yes forgotten', () => memory.keys().join() === elsewhere);
    } finally {
      watch.dispose();
      await config.update('rigs.codex.mode', undefined, target);
    }
  });
});
