import * as vscode from 'vscode';
import type { AskId } from '../../town/ids.ts';
import { plainLines, visibleLines } from '../../words/plain.ts';
import { askWords } from '../../words/asks.ts';
import { schemes } from '../contract.ts';
import { type RigView, type View, rigViews } from '../trees/view.ts';
import { parseJsonSubject } from './beadUri.ts';

/** Opens what an agent asks, in full. */
export async function showAsk(rig: string, ask: AskId): Promise<void> {
  const query = JSON.stringify({ kind: 'ask', rig, ask });
  const uri = vscode.Uri.from({ scheme: schemes.ask, path: `/${ask}.txt`, query });
  await vscode.window.showTextDocument(uri, { preview: true });
}

export function askDocument(view: View, uri: Pick<vscode.Uri, 'query'>): string {
  const subject = parseJsonSubject(uri.query);
  const rig = rigViews(view).find((one) => one.key === subject?.rig);
  const text = subject?.kind === 'ask' && rig !== undefined ? askText(rig, subject.ask) : null;
  return text ?? view.t('This request is not known in any rig that is open here.');
}

/** Null: there is none. As text that is shown and never rendered; what cannot be seen is written as an escape. */
export function askText(view: RigView, id: AskId): string | null {
  const { t, state } = view;
  const ask = state.asks[id];
  if (ask === undefined) return null;
  const { subject, bead } = ask;
  const title = bead === null ? '' : (state.beads[bead]?.title ?? '');
  const polecat = 'polecat' in subject ? (state.polecats[subject.polecat] ?? null) : null;
  const rows = [
    bead === null ? '' : `${t('Bead')}: ${bead} ${plainLines(title)}`,
    polecat === null ? '' : `${t('Polecat')}: ${polecat.name} (${polecat.seat.provider})`,
    polecat === null ? '' : `${t('Worktree')}: ${polecat.worktree ?? ''}`,
    subject.kind === 'permission' ? `${t('Tool')}: ${visibleLines(subject.tool)}` : '',
    ask.answer === null ? '' : t('This was answered.'),
    ask.answer === null && ask.onScreen ? t('Its own dialog is open by now: answer it in its terminal.') : '',
  ];
  const asked =
    subject.kind === 'permission'
      ? visibleLines(subject.detail)
      : subject.kind === 'question'
        ? visibleLines(subject.question)
        : askWords(ask, state, t).detail;
  return [...rows.filter((row) => row !== ''), '', asked, ''].join('\n');
}
