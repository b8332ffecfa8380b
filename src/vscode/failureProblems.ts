import * as vscode from 'vscode';
import { schemes } from './contract.ts';
import { Disposables, type Owned } from './disposables.ts';
import { beadUriParts } from './documents/beadUri.ts';
import { type FailurePlace, failurePlaces } from './failurePlaces.ts';
import { rigKey } from './subject.ts';
import { plain } from './text.ts';
import { throttled } from './throttle.ts';
import type { Town } from './town.ts';
import { translate as t } from './translate.ts';

const refreshMs = 500;

interface Problem extends FailurePlace {
  readonly rig: string;
}

/** Shows failed checks of work under way among the Problems, in the files of its worktree. */
export function showFailures(town: Pick<Town, 'rigs' | 'onDidChange'>): Owned {
  const owned = new Disposables();
  const collection = owned.add(vscode.languages.createDiagnosticCollection('rigs'));
  let shown = '';
  const update = throttled(refreshMs, () => {
    const places = town.rigs.flatMap((rig) =>
      rig.kind === 'open'
        ? failurePlaces(rig.control.state, t).map((place) => ({ ...place, rig: rigKey(rig) }))
        : [],
    );
    const print = JSON.stringify(places);
    if (print === shown) return;
    shown = print;
    collection.clear();
    collection.set([...byFile(places)]);
  });
  owned.add(update);
  owned.add(town.onDidChange(update));
  update();
  return owned;
}

function byFile(places: readonly Problem[]): ReadonlyMap<vscode.Uri, vscode.Diagnostic[]> {
  const files = Map.groupBy(places, ({ file }) => file);
  return new Map([...files].map(([file, those]) => [vscode.Uri.file(file), those.map(problemOf)]));
}

/** Its code is the check, and leads to the bead. */
function problemOf({ line, message, check, rig, bead }: Problem): vscode.Diagnostic {
  const whole = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const problem = new vscode.Diagnostic(whole, message, vscode.DiagnosticSeverity.Error);
  problem.source = 'Rigs';
  const target = vscode.Uri.from({ scheme: schemes.bead, ...beadUriParts(rig, bead) });
  problem.code = { value: plain(check ?? bead, 80), target };
  return problem;
}
