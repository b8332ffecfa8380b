import type * as vscode from 'vscode';
import type { Control, Wish } from '../foreman/control.ts';
import type { Ids } from '../ports/ids.ts';
import type { ModelAccess, Models } from '../ports/models.ts';
import type { Reason } from '../town/reason.ts';
import type { CommandId, TreeId } from './contract.ts';
import type { Diffs } from './diffs.ts';
import type { Subject } from './subject.ts';
import type { Town } from './town.ts';
import type { TownAgents } from './townAgents.ts';
import type { View } from './trees/view.ts';

/** What every command of the surface works with. */
export interface Tools {
  readonly context: vscode.ExtensionContext;
  readonly town: Town;
  readonly log: vscode.LogOutputChannel;
  readonly ids: Ids;
  readonly diffs: Diffs;
  readonly agents: TownAgents;
  /** Folder with the `rigs` command once it is there, or null when it could not be; null in a build without one. */
  readonly rigsBin: (() => Promise<string | null>) | null;
  openModels(access: ModelAccess): Promise<Models>;
  tryRehearsal(): Promise<void>;
  /** False when the wish was refused; the refusal was shown in words. */
  wish(control: Control, wish: Wish): Promise<boolean>;
  sentence(reason: Reason): string;
  view(): View;
  /** Shows the row of a thing in a tree. */
  reveal(tree: TreeId, subject: Subject): Promise<void>;
}

export type Handler = (...args: readonly unknown[]) => unknown;
export type Handlers<K extends CommandId = CommandId> = Readonly<Record<K, Handler>>;
