import type { CommandId, RowKind } from '../contract.ts';
import type { Subject } from '../subject.ts';

/** One row of a tree, as plain data; `provider.ts` turns it into what the editor draws. */
export interface Node {
  /** The same for the same thing, whatever happens to it. */
  readonly id: string;
  readonly kind: RowKind;
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  /** What a screen reader says; label and description when not given. */
  readonly spoken?: string;
  /** For the tooltip, asked for when the pointer rests on the row. */
  readonly facts?: () => readonly Fact[];
  readonly subject?: Subject;
  /** Command of a click, called with the row. */
  readonly click?: CommandId;
  readonly children?: Children;
  readonly expanded?: boolean;
}

/** A codicon. The colour only repeats what icon and words already say. */
export interface Icon {
  readonly name: string;
  readonly color?: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A person decides by it, so all of it is shown. */
  readonly whole?: boolean;
}

/** The first rows up to `limit`, and how many more there are. */
export type Children = (limit: number) => Page;

export interface Page {
  readonly nodes: readonly Node[];
  readonly more: number;
}

/** Only the rows that are shown are made. */
export function paged<T>(items: readonly T[], toNode: (item: T) => Node): Children {
  return (limit) => ({
    nodes: items.slice(0, limit).map(toNode),
    more: Math.max(0, items.length - limit),
  });
}

export function listed(nodes: readonly Node[]): Children {
  return paged(nodes, (node) => node);
}

/** Two rows with the same face look and act the same, whoever made them. */
export function faceOf(node: Node): string {
  const { kind, label, description, icon, spoken, click, subject } = node;
  const folds = node.children === undefined ? null : node.expanded === true;
  return JSON.stringify([kind, label, description, icon, spoken, click, subject, folds]);
}
