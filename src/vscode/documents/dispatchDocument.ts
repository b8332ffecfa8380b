import * as vscode from 'vscode';
import { explain, preview } from '../../town/explain.ts';
import { gaugeAt } from '../../town/gauge.ts';
import type { BeadId } from '../../town/ids.ts';
import { explanationLines, startWords } from '../../words/explanation.ts';
import { bar, certaintyWords, gaugeWords, percentLeft } from '../../words/tanks.ts';
import { schemes } from '../contract.ts';
import type { Subject } from '../subject.ts';
import { plain } from '../text.ts';
import { fuelIn } from '../trees/fuelView.ts';
import { type RigView, type View, rigViews } from '../trees/view.ts';
import { parseJsonSubject } from './beadUri.ts';

export type DispatchSubject = Extract<Subject, { kind: 'bead' | 'rig' | 'gauge' }>;

/** Opens a page that follows what it tells of: why a bead starts where it does, what would start now, or a tank. */
export async function showDispatch(name: string, subject: DispatchSubject): Promise<void> {
  const query = JSON.stringify(subject);
  const uri = vscode.Uri.from({ scheme: schemes.dispatch, path: `/${name}.md`, query });
  await vscode.window.showTextDocument(uri, { preview: true });
}

/** As text that is shown and never rendered. */
export function dispatchDocument(view: View, uri: Pick<vscode.Uri, 'query'>): string {
  const subject = parseJsonSubject(uri.query);
  if (subject?.kind === 'gauge') return historyText(view, subject.tank);
  const rig = rigViews(view).find((one) => one.key === subject?.rig);
  if (rig === undefined) return view.t('The rig of this page is not open here.');
  if (subject?.kind === 'rig') return previewText(rig);
  const bead = subject?.kind === 'bead' ? rig.state.beads[subject.bead] : undefined;
  return bead === undefined ? view.t('There is no such bead.') : explanationText(rig, bead.id);
}

export function explanationText(view: RigView, id: BeadId): string {
  const { control } = view.rig;
  const title = plain(control.state.beads[id]?.title ?? id, 200);
  const found = explain(control.state, control.facts, view.now, id);
  const lines = found === null ? [view.t('There is no such bead.')] : explanationLines(found, view);
  return [`# ${title} (${id})`, '', ...lines].join('\n');
}

export function previewText(view: RigView): string {
  const { t } = view;
  const { control } = view.rig;
  const starts = preview(control.state, control.facts, view.now);
  const title = t('What would start now in {rig}', { rig: plain(view.rig.name, 80) });
  if (starts.length === 0)
    return [`# ${title}`, '', t('Nothing: no bead is ready that some seat can carry.'), ''].join('\n');
  const parts = starts.flatMap((one) => {
    const words = startWords(control.state.beads[one.bead]?.title ?? one.bead, one, t);
    return [`# ${words}`, '', ...explanationLines(one, view)];
  });
  return [`# ${title}`, '', ...parts].join('\n');
}

/** What was told of every gauge of a tank since its last reset, the newest first. */
export function historyText(view: View, id: string): string {
  const { t, clock, now } = view;
  const tank = fuelIn(view).tanks[id];
  if (tank === undefined) return t('Nothing is known of this account.');
  const gauges = Object.values(tank.gauges).flatMap((told) => {
    const gauge = gaugeAt(told, now);
    return [
      `## ${gaugeWords(gauge.gauge, gauge.model, t)}: ${percentLeft(gauge.left, t)}`,
      '',
      certaintyWords(gauge, t),
      '',
      ...gauge.samples
        .toReversed()
        .map((one) => `- ${clock(one.at)}  ${bar(one.left)}  ${percentLeft(one.left, t)}`),
      '',
    ];
  });
  return [`# ${plain(id, 80)}`, '', ...gauges].join('\n');
}
