import type { Bead, Evidence } from '../../town/bead.ts';
import type { CheckResult } from '../../town/check.ts';
import type { RigState } from '../../town/state.ts';
import type { ArchivedBead } from '../../ports/store.ts';
import type { Instant } from '../../town/ids.ts';
import { beadFacts } from '../trees/bead.ts';
import type { RigView } from '../trees/view.ts';
import { decidesLine } from '../../words/decides.ts';
import { optimizedDiff } from '../../words/optimized.ts';
import { approvalWord } from '../../words/approvalRules.ts';
import { whySkipped } from '../../words/skipped.ts';
import { stageWord } from '../../words/states.ts';
import { type Books, effortLines } from './effort.ts';
import { reviewLines } from './reviewLines.ts';
import { doubtLines, inspectedLine, judgedLines } from '../../words/verdict.ts';

/** Everything that is known of a bead, as Markdown that is shown as text and never rendered. */
export function beadText(view: RigView, bead: Bead, books: Books, archivedAt: Instant | null = null): string {
  const { t } = view;
  const facts = beadFacts(view, bead).slice(1);
  if (archivedAt !== null) facts.push({ name: t('Archived'), value: view.clock(archivedAt) });
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['', facts.map(({ name, value }) => `- ${name}: ${value}`)],
    [t('Description'), textLines(bead.description)],
    [t('Other words'), wordingLines(view, bead)],
    [t('Acceptance criteria'), bead.criteria.map((one) => `- ${one}`)],
    [t('From'), sourceLines(view, bead)],
    [t('Waits for beads'), dependencyLines(view, bead)],
    [t('Expected to touch'), bead.touches.map((one) => `- ${one}`)],
    [t('Inspection'), doubtedLines(view, bead)],
    [t('Evidence'), evidenceLines(view, bead)],
    [t('Review'), reviewLines(view, bead)],
    [t('Landing'), landingLines(view, bead)],
    [t('Effort'), effortLines(view, bead, books)],
  ];
  const parts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => (title === '' ? lines.join('\n') : `## ${title}\n\n${lines.join('\n')}`));
  return [`# ${bead.title}`, ...parts, ''].join('\n\n');
}

/** The same of a bead that left the state, with what left with it, and `others` that it waited for. */
export function archivedText(
  view: RigView,
  archived: ArchivedBead,
  others: readonly Bead[],
  books: Books,
): string {
  const { at, bead, convoy } = archived;
  const { beads, convoys, polecats, requests, asks } = view.state;
  const state: RigState = {
    ...view.state,
    beads: { ...beads, ...byId([...others, bead]) },
    convoys: { ...convoys, ...byId(convoy === null ? [] : [convoy]) },
    polecats: { ...polecats, ...byId(archived.polecats) },
    requests: { ...requests, ...byId(archived.requests) },
    asks: { ...asks, ...byId(archived.asks) },
  };
  return beadText({ ...view, state }, bead, books, at);
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(things.map((one) => [one.id, one]));
}

function textLines(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.trim().split('\n');
}

function sourceLines({ t }: RigView, { source }: Bead): readonly string[] {
  switch (source.kind) {
    case 'goal':
      return [t('a goal, planned')];
    case 'agent':
      return [t('bead {bead}, whose agent found it', { bead: source.bead })];
    case 'person':
      return [t('you')];
    case 'import':
      return [t('an import')];
    case 'todo':
      return [
        `${source.file}:${String(source.line + 1)}${source.symbol === null ? '' : ` (${source.symbol})`}`,
        '',
        ...source.text.split('\n').map((line) => `    ${line}`),
      ];
  }
}

function dependencyLines({ state, t }: RigView, bead: Bead): readonly string[] {
  return bead.dependencies.map((id) => {
    const one = state.beads[id];
    return one === undefined ? `- ${id}: ${t('unknown')}` : `- ${id}: ${one.title} (${one.status})`;
  });
}

function evidenceLines(view: RigView, { evidence }: Bead): readonly string[] {
  if (evidence === null) return [];
  const { t } = view;
  const size = `+${String(evidence.insertions)} −${String(evidence.deletions)}`;
  return [
    evidence.commit === null
      ? t('No commit')
      : t('Commit {commit}, {size}', { commit: evidence.commit, size }),
    ...(evidence.committedForAgent ? [t('Rigs committed what the agent had left uncommitted.')] : []),
    ...evidence.files.map((file) => `- ${file}`),
    ...decidesLines(view, evidence),
    '',
    ...evidence.checks.map((check) => checkLine(view, check)),
    ...inspectionLines(view, evidence),
    '',
    ...textLines(evidence.summary),
  ];
}

function decidesLines({ t }: RigView, evidence: Evidence): readonly string[] {
  const line = decidesLine(evidence, t);
  return line === '' ? [] : ['', line];
}

function inspectionLines({ t }: RigView, evidence: Evidence): readonly string[] {
  const { verdict } = evidence;
  const line = inspectedLine(evidence, t);
  const judged = verdict == null ? [] : judgedLines(verdict).map((one) => `- ${one}`);
  return line === '' ? [] : ['', line, ...judged];
}

/** What its inspector holds against it, and what a person can do about it. */
function doubtedLines({ t }: RigView, { inspected }: Bead): readonly string[] {
  if (inspected === undefined) return [];
  const [first = '', ...judged] = doubtLines(inspected, t);
  const accepted = inspected.acceptedAt === null ? [] : [t('You let it pass all the same.')];
  return [
    first,
    t('Commit {commit}', { commit: inspected.commit }),
    ...judged.map((one) => `- ${one}`),
    ...accepted,
  ];
}

function wordingLines({ t }: RigView, bead: Bead): readonly string[] {
  const diff = optimizedDiff(bead, t);
  if (diff === null) return [];
  return [diff.state, ...diff.changes.map((one) => `- ${one}`), '', ...textLines(diff.worded)];
}

/** A check, how it ended and how long it took. */
export function checkLine({ t }: RigView, check: CheckResult): string {
  const words: Readonly<Record<CheckResult['outcome'], string>> = {
    passed: t('passed'),
    failed: t('failed'),
    timed_out: t('ran out of time'),
    not_runnable: t('could not be started'),
    skipped: t('skipped: {why}', { why: whySkipped(check, t) }),
  };
  if (check.outcome === 'skipped') return `- ${check.name}: ${words.skipped}`;
  const seconds = (check.durationMs / 1000).toFixed(1);
  return `- ${check.name}: ${words[check.outcome]} (${t('{seconds} s', { seconds })})`;
}

function landingLines(view: RigView, bead: Bead): readonly string[] {
  return Object.values(view.state.requests)
    .filter((request) => request.bead === bead.id)
    .map((request) => {
      const why = request.reason === null ? '' : `: ${view.sentence(request.reason)}`;
      const said = request.approval === null ? '' : ` (${approvalWord(request, view.t)})`;
      return `- ${request.id}: ${stageWord(request.stage, view.t)}${said}${why}`;
    });
}
