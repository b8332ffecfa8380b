import * as vscode from 'vscode';
import { commands } from '../contract.ts';
import type { Owned } from '../disposables.ts';
import type { Subject } from '../subject.ts';
import { throttled } from '../throttle.ts';
import { icons } from './look.ts';
import { type Children, type Fact, type Node, faceOf } from './node.ts';

/** Rows of one level that are shown before *N more…*. */
const pageSize = 100;
/** At most five refreshes a second: more nobody reads, and each makes the editor ask again. */
const refreshMs = 200;

/** A row as the editor holds it: the same object for as long as the thing is there, its node renewed. */
export class Element {
  readonly id: string;
  readonly parent: Element | null;
  node: Node;
  limit = pageSize;
  /** What the editor was given; null while the row was never opened. */
  shown: Element[] | null = null;

  constructor(parent: Element | null, node: Node) {
    this.id = node.id;
    this.parent = parent;
    this.node = node;
  }

  /** Commands of a row read it from here. */
  get subject(): Subject | undefined {
    return this.node.subject;
  }
}

export function isElement(value: unknown): value is Element {
  return value instanceof Element;
}

/** Draws a tree of nodes, and after a change tells the editor only of rows that changed. */
export class NodeTree implements vscode.TreeDataProvider<Element>, Owned {
  private readonly changed = new vscode.EventEmitter<Element | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** Asks for a refresh soon. */
  readonly refresh = throttled(refreshMs, () => {
    this.compare();
  });
  private readonly root: Element;
  private readonly elements = new Map<string, Element>();

  constructor(roots: () => Children) {
    const children: Children = (limit) => roots()(limit);
    const node: Node = { id: '', kind: 'group', label: '', icon: icons.group, children };
    this.root = new Element(null, node);
  }

  getTreeItem(element: Element): vscode.TreeItem {
    const { node } = element;
    const item = new vscode.TreeItem(node.label, folding(node));
    item.id = node.id;
    item.contextValue = node.kind;
    item.iconPath = themeIcon(node);
    if (node.description !== undefined) item.description = node.description;
    const spoken =
      node.spoken ?? [node.label, node.description ?? ''].filter((part) => part !== '').join(', ');
    item.accessibilityInformation = { label: spoken };
    if (node.click !== undefined)
      item.command = { command: node.click, title: node.label, arguments: [element] };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, element: Element): vscode.TreeItem {
    item.tooltip = tooltip(element.node.facts?.() ?? [], element.node.label);
    return item;
  }

  getChildren(element?: Element): Element[] {
    const parent = element ?? this.root;
    parent.shown = this.elementsOf(parent);
    return parent.shown;
  }

  getParent(element: Element): Element | undefined {
    return element.parent === null || element.parent === this.root ? undefined : element.parent;
  }

  /** The row of a thing, made known by walking the open levels; null when it is not among them. */
  find(matches: (node: Node) => boolean): Element | null {
    const look = (parent: Element): Element | null => {
      for (const child of parent.shown ?? this.getChildren(parent === this.root ? undefined : parent)) {
        const found = matches(child.node) ? child : child.node.children === undefined ? null : look(child);
        if (found !== null) return found;
      }
      return null;
    };
    return look(this.root);
  }

  owns(element: Element): boolean {
    return this.elements.get(element.id) === element;
  }

  /** Shows another page of a level. */
  showMore(parent: Element): void {
    parent.limit += pageSize;
    this.changed.fire(parent === this.root ? undefined : parent);
  }

  dispose(): void {
    this.refresh.dispose();
    this.changed.dispose();
  }

  private elementsOf(parent: Element): Element[] {
    const page = parent.node.children?.(parent.limit) ?? { nodes: [], more: 0 };
    const made = page.nodes.map((node) => this.element(parent, node));
    return page.more === 0 ? made : [...made, this.element(parent, moreNode(parent, page.more))];
  }

  private element(parent: Element, node: Node): Element {
    const known = this.elements.get(node.id);
    if (known?.parent === parent) {
      known.node = node;
      return known;
    }
    const made = new Element(parent, node);
    this.elements.set(node.id, made);
    return made;
  }

  private compare(): void {
    if (this.root.shown !== null) this.compareChildren(this.root);
  }

  private compareChildren(parent: Element): void {
    const before = parent.shown ?? [];
    const faces = before.map((one) => faceOf(one.node));
    const after = this.elementsOf(parent);
    const sameRows = after.length === before.length && after.every((one, at) => one === before[at]);
    if (!sameRows) {
      for (const gone of before) if (!after.includes(gone)) this.forget(gone);
      parent.shown = after;
      this.changed.fire(parent === this.root ? undefined : parent);
      return;
    }
    after.forEach((child, at) => {
      if (faceOf(child.node) !== faces[at]) this.changed.fire(child);
      else if (child.shown !== null) this.compareChildren(child);
    });
  }

  private forget(element: Element): void {
    this.elements.delete(element.id);
    for (const child of element.shown ?? []) this.forget(child);
  }
}

function folding(node: Node): vscode.TreeItemCollapsibleState {
  if (node.children === undefined) return vscode.TreeItemCollapsibleState.None;
  return node.expanded === true
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

function themeIcon({ icon }: Node): vscode.ThemeIcon {
  return icon.color === undefined
    ? new vscode.ThemeIcon(icon.name)
    : new vscode.ThemeIcon(icon.name, new vscode.ThemeColor(icon.color));
}

function moreNode(parent: Element, count: number): Node {
  return {
    id: `more/${parent.id}`,
    kind: 'more',
    label: vscode.l10n.t('{count} more…', { count }),
    icon: icons.more,
    click: commands.showMore,
  };
}

/** Facts come from agents and repositories: as text, never as Markdown, links or HTML. */
function tooltip(facts: readonly Fact[], label: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (facts.length === 0) return text.appendText(label);
  for (const { name, value, whole } of facts) {
    text.appendMarkdown('**').appendText(name).appendMarkdown('**: ');
    text
      .appendText(whole !== true && value.length > 1000 ? `${value.slice(0, 999)}…` : value)
      .appendMarkdown('\n\n');
  }
  return text;
}
