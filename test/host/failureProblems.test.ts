import { deepEqual, equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { reason } from '../../src/town/reason.ts';
import { showFailures } from '../../src/vscode/failureProblems.ts';
import { FakeControl } from '../fakes/fakeControl.ts';
import { FakeTown } from '../fakes/fakeTown.ts';
import { Scene } from '../fakes/scene.ts';
import { eventually } from './surfaceUnderTest.ts';

describe('Failed checks among the Problems of a real VS Code', () => {
  it('stand in their file as Rigs’, lead to their bead, and go when the work is gone', async () => {
    const control = new FakeControl();
    const scene = new Scene(control);
    await scene.open();
    const [bead] = await scene.convoy('One', [{}]);
    ok(bead);
    const town = new FakeTown().add('w', control);
    const shown = showFailures(town);
    try {
      const [polecat] = await scene.start();
      const found = control.state.beads[bead];
      ok(polecat?.worktree != null && found !== undefined);
      const why = reason('landing_check_failed', { target: 'main', name: 'test', file: 'a.ts', line: 2 });
      const before = control.state;
      control.state = { ...before, beads: { ...before.beads, [bead]: { ...found, reason: why } } };
      town.tell();
      const uri = vscode.Uri.file(`${polecat.worktree}/a.ts`);
      const mine = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);
      const [problem] = await eventually('the problem', () => (mine().length > 0 ? mine() : null));
      ok(problem);
      deepEqual([problem.source, problem.range.start.line], ['Rigs', 1]);
      const { code } = problem;
      ok(typeof code === 'object');
      deepEqual([code.value, code.target.path], ['test', `/${bead}.md`]);
      control.state = { ...before, beads: {} };
      town.tell();
      await eventually('no problem', () => (mine().length === 0 ? true : null));
      equal(mine().length, 0);
    } finally {
      shown.dispose();
    }
  });
});
