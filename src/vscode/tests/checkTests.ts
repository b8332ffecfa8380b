import path from 'node:path';
import * as vscode from 'vscode';
import type { Checks } from '../../ports/checks.ts';
import type { CheckDefinition, CheckResult } from '../../town/check.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { checkDetail } from '../panels/queueWords.ts';
import type { OpenRig } from '../subject.ts';
import { withoutMarkup } from '../text.ts';
import { throttled } from '../throttle.ts';
import type { Town } from '../town.ts';
import { translate } from '../translate.ts';
import { CheckItems, definitionsOf, howToConfirm } from './checkItems.ts';

export interface CheckTests extends Owned {
  readonly controller: vscode.TestController;
  /** What the profile *Rigs Checks* does. */
  readonly run: (request: vscode.TestRunRequest, token: vscode.CancellationToken) => Promise<void>;
}

const refreshMs = 500;

/** The rigs' confirmed checks in the Test Explorer, where they run on what is checked out now. */
export function createCheckTests(
  parts: { readonly town: Pick<Town, 'rigs' | 'onDidChange'>; readonly checks: Pick<Checks, 'run'> },
  id = 'rigs.checks',
): CheckTests {
  const owned = new Disposables();
  const name = vscode.l10n.t('Rigs Checks');
  const controller = owned.add(vscode.tests.createTestController(id, name));
  const items = new CheckItems(controller, parts.town);
  const update = owned.add(
    throttled(refreshMs, () => {
      items.refresh();
    }),
  );
  controller.refreshHandler = () => {
    items.refresh();
  };
  owned.add(parts.town.onDidChange(update));
  items.refresh();
  let runs = 0;
  const run: CheckTests['run'] = async (request, token) => {
    runs += 1;
    const aborting = new AbortController();
    const cancelling = token.onCancellationRequested(() => {
      aborting.abort(new vscode.CancellationError());
    });
    const run = controller.createTestRun(request);
    try {
      for (const [rig, definitions] of wanted(items, controller, request))
        await new RigRun(parts.checks, items, run, rig, runs).all(definitions, aborting.signal);
    } finally {
      cancelling.dispose();
      run.end();
    }
  };
  owned.add(controller.createRunProfile(name, vscode.TestRunProfileKind.Run, run, true));
  return {
    controller,
    run,
    dispose: () => {
      owned.dispose();
    },
  };
}

type Wanted = ReadonlyMap<OpenRig, readonly CheckDefinition[] | null>;

/** Of each rig those that were chosen, in the order of the proof; null: none are confirmed. */
function wanted(
  items: CheckItems,
  controller: vscode.TestController,
  request: vscode.TestRunRequest,
): Wanted {
  const roots: vscode.TestItem[] = [];
  controller.items.forEach((item) => roots.push(item));
  const excluded = new Set((request.exclude ?? []).map(({ id, parent }) => `${parent?.id ?? ''}\0${id}`));
  const found = new Map<OpenRig, readonly CheckDefinition[] | null>();
  for (const item of request.include ?? roots) {
    const about = items.find(item);
    if (about === null) continue;
    const { rig, definition } = about;
    const all = definitionsOf(rig);
    const chosen = definition === undefined ? all : [...(found.get(rig) ?? []), definition];
    const rigItem = items.itemOf(rig);
    const isIn = ({ name }: CheckDefinition): boolean =>
      (chosen ?? []).some((one) => one.name === name) && !excluded.has(`${rigItem?.id ?? ''}\0${name}`);
    if (excluded.has(`\0${rigItem?.id ?? ''}`)) continue;
    found.set(rig, all?.filter(isIn) ?? null);
  }
  return found;
}

/** One rig's part of a run: in order and failing fast, as a proof does it. */
class RigRun {
  readonly #checks: Pick<Checks, 'run'>;
  readonly #items: CheckItems;
  readonly #run: vscode.TestRun;
  readonly #rig: OpenRig;
  readonly #number: number;

  constructor(
    checks: Pick<Checks, 'run'>,
    items: CheckItems,
    run: vscode.TestRun,
    rig: OpenRig,
    number: number,
  ) {
    this.#checks = checks;
    this.#items = items;
    this.#run = run;
    this.#rig = rig;
    this.#number = number;
  }

  async all(definitions: readonly CheckDefinition[] | null, signal: AbortSignal): Promise<void> {
    const rigItem = this.#items.itemOf(this.#rig);
    if (definitions === null) {
      if (rigItem !== undefined) this.#run.errored(rigItem, new vscode.TestMessage(howToConfirm()));
      return;
    }
    let goesOn = true;
    for (const definition of definitions) {
      const item = this.#items.itemOf(this.#rig, definition.name);
      if (item === undefined) continue;
      if (goesOn && !signal.aborted) goesOn = await this.#one(definition, item, signal);
      else this.#run.skipped(item);
    }
  }

  /** False: what comes after it need not be run. */
  async #one(definition: CheckDefinition, item: vscode.TestItem, signal: AbortSignal): Promise<boolean> {
    const { control } = this.#rig;
    const decoder = new TextDecoder();
    this.#run.started(item);
    try {
      const [result] = await this.#checks.run({
        definitions: [definition],
        cwd: control.repository.root,
        outputs: path.join(control.store.folder, 'outputs', `explorer.${String(this.#number)}`),
        signal,
        onOutput: (piece) => {
          const text = decoder.decode(piece, { stream: true });
          this.#run.appendOutput(text.replaceAll(/\r?\n/g, '\r\n'), undefined, item);
        },
      });
      if (result !== undefined) this.#mark(item, result);
      return result?.outcome === 'passed';
    } catch (error) {
      if (signal.aborted) this.#run.skipped(item);
      else
        this.#run.errored(
          item,
          new vscode.TestMessage(withoutMarkup(error instanceof Error ? error.message : String(error))),
        );
      return false;
    }
  }

  #mark(item: vscode.TestItem, result: CheckResult): void {
    const { outcome, durationMs, failedTests = [] } = result;
    const fallen = this.#items.failed(item, failedTests);
    if (outcome === 'passed') this.#run.passed(item, durationMs);
    else if (outcome === 'skipped') this.#run.skipped(item);
    else {
      const message = new vscode.TestMessage(checkDetail(result, translate));
      const location = this.#locationOf(result);
      if (location !== null) message.location = location;
      for (const test of fallen) this.#run.failed(test, message);
      if (outcome === 'not_runnable') this.#run.errored(item, message, durationMs);
      else this.#run.failed(item, message, durationMs);
    }
  }

  #locationOf({ place }: CheckResult): vscode.Location | null {
    if (place === undefined) return null;
    const file = path.join(this.#rig.control.repository.root, ...place.file.split('/'));
    return new vscode.Location(vscode.Uri.file(file), new vscode.Position(place.line - 1, 0));
  }
}
