import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { reason } from '../../src/town/reason.ts';
import type { Verdict } from '../../src/town/verdict.ts';
import { commands, schemes } from '../../src/vscode/contract.ts';
import type { Subject } from '../../src/vscode/subject.ts';
import { askId, commit } from '../fakes/scene.ts';
import { SurfaceUnderTest, eventually } from './surfaceUnderTest.ts';

const verdict: Verdict = {
  outcome: 'fail',
  criteria: [{ criterion: 'an empty text is refused', met: false, why: 'it is 0', file: 'a.ts', line: 3 }],
  notes: '',
  provider: 'ollama',
  model: 'm',
  cut: [],
};

describe('What a person decides, in a real VS Code', () => {
  let under: SurfaceUnderTest;
  /** What the editor was told of keys that `when` clauses ask. */
  let keys: Map<string, unknown>;

  beforeEach(async () => {
    under = await SurfaceUnderTest.make();
    keys = new Map();
    const run = vscode.commands.executeCommand.bind(vscode.commands);
    under.replace(vscode.commands, 'executeCommand', (...[command, ...args]: [string, ...unknown[]]) => {
      if (command === 'setContext') keys.set(String(args[0]), args[1]);
      return run(command, ...args);
    });
  });
  afterEach(() => under.dispose());

  async function worded(dropped: readonly string[]): Promise<Extract<Subject, { kind: 'bead' }>> {
    const [bead] = await under.scene.convoy('Durations', [
      { title: 'Parse', description: 'Please parse durations.' },
    ]);
    ok(bead);
    const optimized = {
      ...{ prompt: 'Parse durations.', changes: ['shorter'], dropped },
      ...{ provider: 'p', model: 'm', accepted: null },
    };
    under.control.happen({ type: 'bead.optimized', bead, optimized, at: 1 });
    return { kind: 'bead', rig: under.control.repository.commonDir, bead };
  }

  it('shows a task beside the words a model found, and takes them from the title of the diff', async () => {
    const subject = await worded(['Never log it.']);
    await under.surface.run(commands.compareWording, subject);
    match(under.said.at(-1) ?? '', /its agent gets the original, because this is gone: Never log it\./);
    const tab = await eventually('the diff', () => {
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      return activeTab?.input instanceof vscode.TabInputTextDiff ? activeTab.input : null;
    });
    equal(tab.modified.scheme, schemes.wording);
    under.town.tell();
    const texts = await Promise.all(
      [tab.original, tab.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
    );
    await eventually('both sides', () => {
      under.town.tell();
      return texts.map((one) => one.getText()).join('|') === 'Please parse durations.|Parse durations.';
    });
    equal(keys.get('rigs.wording'), 'undecided');
    // As the button of the title calls it.
    await under.surface.run(commands.acceptWording, tab.modified);
    equal(under.control.state.beads[subject.bead]?.optimized?.accepted, true);
    await eventually('the other button', () => keys.get('rigs.wording') === 'accepted');
    // As a key or the palette calls it, with the diff in front.
    await under.surface.run(commands.rejectWording, undefined);
    equal(under.control.state.beads[subject.bead]?.optimized?.accepted, false);
    match(under.said.at(-1) ?? '', /went back to the original/);
  });

  it('says so when an agent was told its task already', async () => {
    const subject = await worded([]);
    await under.scene.start();
    await under.surface.run(commands.rejectWording, subject);
    match(under.said.at(-1) ?? '', /^You went back to the original\. .* from its next session on\.$/);
  });

  it('offers from a bead’s document what can be decided about it', async () => {
    const subject = await worded([]);
    await under.surface.run(commands.showBead, subject);
    await eventually('its buttons', () => keys.get('rigs.wording') === 'undecided');
    equal(keys.get('rigs.doubted'), false);
  });

  async function heldBack(): Promise<Extract<Subject, { kind: 'bead' }>> {
    await under.scene.convoy('Durations', [{ title: 'Parse' }]);
    const [polecat] = await under.scene.start();
    ok(polecat);
    const { id, token, bead } = polecat;
    await under.scene.say({ type: 'claimDone', polecat: id, token, claim: 'c' });
    const why = reason('inspector_fails', { provider: 'ollama', notes: '' });
    const inspected = { commit: commit('b'), verdict };
    await under.scene.say({
      ...{ type: 'evidenceMissing', polecat: id, token },
      ...{ reason: why, ask: askId(1), inspected },
    });
    return { kind: 'bead', rig: under.control.repository.commonDir, bead };
  }

  it('accepts work anyway only after the verdict was read, each criterion with its place', async () => {
    const subject = await heldBack();
    const asked: string[] = [];
    let answer: string | undefined;
    under.replace(
      vscode.window,
      'showWarningMessage',
      (message: string, options: vscode.MessageOptions, yes: string) => {
        asked.push(`${message}\n${options.detail ?? ''}`);
        answer = answer === undefined ? undefined : yes;
        return Promise.resolve(answer);
      },
    );
    await under.surface.run(commands.showBead, subject);
    await eventually('its button', () => keys.get('rigs.doubted') === true);
    await under.surface.run(commands.acceptWork, subject);
    match(asked[0] ?? '', /^Accept “Parse” anyway\?\n[^]*✗ an empty text is refused: it is 0 \(a\.ts:3\)/);
    equal(under.control.state.beads[subject.bead]?.status, 'in_progress');
    answer = 'yes';
    await under.surface.run(commands.acceptWork, { kind: 'ask', rig: subject.rig, ask: askId(1) });
    equal(under.control.state.beads[subject.bead]?.status, 'reviewing');
    await eventually('no button any more', () => keys.get('rigs.doubted') === false);
  });

  it('sends work back with a person’s own words', async () => {
    const subject = await heldBack();
    under.replace(vscode.window, 'showInputBox', () => Promise.resolve(' Say what 1h30 is. '));
    await under.surface.run(commands.sendBack, subject);
    const why = under.control.state.beads[subject.bead]?.reason;
    deepEqual([why?.code, why?.facts['words']], ['sent_back', 'Say what 1h30 is.']);
    await under.surface.run(commands.sendBack, subject);
    match(under.said.at(-1) ?? '', /No work stands still/);
  });
});
