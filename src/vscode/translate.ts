import * as vscode from 'vscode';
import type { Translate } from '../words/translate.ts';

/** The editor's translator, in the form that `words/` takes. */
export const translate: Translate = (message, args) =>
  args === undefined ? vscode.l10n.t(message) : vscode.l10n.t(message, args);
