import type * as vscode from 'vscode';
import { type TreeId, trees } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import type { TreeViews } from '../started.ts';
import { needsWords } from '../statusBar.ts';
import type { Subject } from '../subject.ts';
import { beadsTree } from './beads.ts';
import { convoysTree } from './convoys.ts';
import { countNeeds, needsYouTree } from './needsYou.ts';
import type { Children } from './node.ts';
import { type Element, NodeTree } from './provider.ts';
import { rigsTree } from './rigs.ts';
import { type ProviderState, tanksTree } from './tanks.ts';
import type { View } from './view.ts';

/** The five trees together. */
export interface Forest extends Owned {
  readonly providers: Readonly<Record<TreeId, vscode.TreeDataProvider<unknown>>>;
  refresh(): void;
  attach(views: TreeViews): void;
  reveal(tree: TreeId, subject: Subject): Promise<void>;
  showMore(element: Element): void;
}

export function createForest(view: () => View, providers: () => readonly ProviderState[]): Forest {
  const owned = new Disposables();
  const plant = (roots: (view: View) => Children): NodeTree => owned.add(new NodeTree(() => roots(view())));
  const planted: Readonly<Record<TreeId, NodeTree>> = {
    [trees.needsYou]: plant(needsYouTree),
    [trees.rigs]: plant(rigsTree),
    [trees.convoys]: plant(convoysTree),
    [trees.beads]: plant(beadsTree),
    [trees.tanks]: plant((now) => tanksTree(now, providers())),
  };
  let views: TreeViews | null = null;
  const showBadge = (): void => {
    const needs = views?.[trees.needsYou];
    if (needs === undefined) return;
    const count = countNeeds(view());
    needs.badge = count === 0 ? undefined : { value: count, tooltip: needsWords(count) };
  };
  return {
    providers: planted,
    refresh: () => {
      for (const tree of Object.values(planted)) tree.refresh();
      showBadge();
    },
    attach: (given) => {
      views = given;
      showBadge();
    },
    reveal: async (tree, subject) => {
      const wanted = JSON.stringify(subject);
      const element = planted[tree].find(
        (node) => node.subject !== undefined && JSON.stringify(node.subject) === wanted,
      );
      if (element === null) return;
      try {
        await views?.[tree].reveal(element, { select: true, focus: false, expand: true });
      } catch (error) {
        // The tree was drawn anew meanwhile; showing the row is a courtesy, and what was asked for is done.
        if (!(error instanceof Error && error.message.includes('Tree element not found'))) throw error;
      }
    },
    showMore: (element) => {
      const tree = Object.values(planted).find((one) => one.owns(element));
      if (element.parent !== null) tree?.showMore(element.parent);
    },
    dispose: () => {
      if (views !== null) views[trees.needsYou].badge = undefined;
      owned.dispose();
    },
  };
}
