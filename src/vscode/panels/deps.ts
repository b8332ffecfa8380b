import type * as vscode from 'vscode';
import type { CommandId } from '../contract.ts';
import type { Subject } from '../subject.ts';
import type { Translate } from '../../words/translate.ts';
import type { Town } from '../town.ts';
import type { View } from '../trees/view.ts';

/** What the two panels need from the extension around them. */
export interface PanelDeps {
  readonly town: Town;
  readonly extensionUri: vscode.Uri;
  /** The editor's display language. */
  readonly language: string;
  readonly translate: Translate;
  /** What the trees are made from too, as it is now. */
  readonly view: () => View;
  /** Runs a command of the palette about something; the panels know no other way to change anything. */
  run(command: CommandId, subject: Subject): Thenable<unknown>;
  /** Shows a file of a rig's state folder in an editor. */
  openFile(path: string): Thenable<unknown>;
  readonly log: Pick<vscode.LogOutputChannel, 'warn' | 'error'>;
}
