import * as vscode from 'vscode';
import type { CheckDefinition } from '../../town/check.ts';
import { type OpenRig, rigKey } from '../subject.ts';
import { openRigs } from '../targets.ts';
import { withoutMarkup } from '../text.ts';
import type { Town } from '../town.ts';

/** What an item of the Test Explorer stands for. */
export interface CheckOf {
  readonly rig: OpenRig;
  /** Absent: all of the rig's. */
  readonly definition?: CheckDefinition;
}

/** The rigs with their confirmed checks, and below each the tests that fell in it last. */
export class CheckItems {
  readonly #controller: vscode.TestController;
  readonly #town: Pick<Town, 'rigs'>;
  #shown = '';

  constructor(controller: vscode.TestController, town: Pick<Town, 'rigs'>) {
    this.#controller = controller;
    this.#town = town;
  }

  /** Items of checks that stay keep what is known of them. */
  refresh(): void {
    const rigs = openRigs({ town: this.#town });
    const print = JSON.stringify(
      rigs.map((rig) => [rigKey(rig), rig.name, definitionsOf(rig)?.map(({ name }) => name)]),
    );
    if (print === this.#shown) return;
    this.#shown = print;
    this.#controller.items.replace(rigs.map((rig) => this.#rigItem(rig)));
  }

  /** Null: its rig is closed, or the check is no longer one. */
  find(item: vscode.TestItem): CheckOf | null {
    const path: vscode.TestItem[] = [];
    for (let at: vscode.TestItem | undefined = item; at !== undefined; at = at.parent) path.unshift(at);
    const [rigItem, checkItem] = path;
    const rig = openRigs({ town: this.#town }).find((one) => rigKey(one) === rigItem?.id);
    if (rig === undefined) return null;
    if (checkItem === undefined) return { rig };
    const definition = definitionsOf(rig)?.find(({ name }) => name === checkItem.id);
    return definition === undefined ? null : { rig, definition };
  }

  itemOf(rig: OpenRig, check?: string): vscode.TestItem | undefined {
    const item = this.#controller.items.get(rigKey(rig));
    return check === undefined ? item : item?.children.get(check);
  }

  /** The tests that fell in a check's last run are its children, and no others. */
  failed(item: vscode.TestItem, tests: readonly string[]): readonly vscode.TestItem[] {
    const items = tests.map((test) => this.#controller.createTestItem(test, withoutMarkup(test)));
    item.children.replace(items);
    return items;
  }

  #rigItem(rig: OpenRig): vscode.TestItem {
    const before = this.itemOf(rig);
    const folder = vscode.Uri.file(rig.control.repository.root);
    const item = before ?? this.#controller.createTestItem(rigKey(rig), withoutMarkup(rig.name), folder);
    const definitions = definitionsOf(rig);
    item.error = definitions === null ? howToConfirm() : undefined;
    item.children.replace(
      (definitions ?? []).map(({ name }, index) => {
        const check = item.children.get(name) ?? this.#controller.createTestItem(name, withoutMarkup(name));
        // They run in this order, and not by their names.
        check.sortText = String(index).padStart(4, '0');
        return check;
      }),
    );
    return item;
  }
}

/** Null: nobody confirmed any yet. */
export function definitionsOf({ control }: OpenRig): readonly CheckDefinition[] | null {
  return control.state.rig?.checks?.definitions ?? null;
}

export function howToConfirm(): string {
  return vscode.l10n.t(
    'The checks of this rig are not confirmed yet: run “Rigs: Confirm Checks”, or start the first bead.',
  );
}
