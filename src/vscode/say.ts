import * as vscode from 'vscode';
import type { Control, Wish } from '../foreman/control.ts';
import type { Reason } from '../town/reason.ts';
import { plain } from './text.ts';

/** Asks for a change and shows a refusal in words; nothing a person asked for is swallowed. */
export async function wishAloud(
  control: Control,
  wish: Wish,
  sentence: (reason: Reason) => string,
): Promise<boolean> {
  const answer = await control.wish(wish);
  if (!answer.ok) tell(vscode.l10n.t('Not done: {why}', { why: plain(sentence(answer.refusal), 500) }));
  return answer.ok;
}

/** A word that needs no answer. */
export function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}

export interface Offer {
  readonly title: string;
  readonly run: () => unknown;
}

/** A word with things to do about it. */
export async function offer(message: string, actions: readonly Offer[]): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(message, ...actions.map((one) => one.title));
  await actions.find((one) => one.title === chosen)?.run();
}

/** True when the person says yes to a question that stops everything else. */
export async function confirmed(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
