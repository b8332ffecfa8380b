import type { Bead, Evidence } from '../town/bead.ts';
import type { CheckResult } from '../town/check.ts';
import type { MergeRequest } from '../town/mergeRequest.ts';
import type { Polecat } from '../town/polecat.ts';
import { plain, plainLines } from './plain.ts';

export interface OfferedWork {
  readonly bead: Pick<Bead, 'id' | 'title' | 'criteria' | 'evidence'> | null;
  readonly request: Pick<MergeRequest, 'branch' | 'candidate'>;
  readonly polecat: Pick<Polecat, 'name' | 'seat'> | null;
  readonly target: string;
}

/** What a pull request says of the work: English, as commits are, because others read it than the one who reads this. */
export function pullRequestText({ bead, request, polecat, target }: OfferedWork): {
  readonly title: string;
  readonly body: string;
} {
  const { evidence = null } = bead ?? {};
  const checks = request.candidate?.checks ?? [];
  const parts = [
    evidence === null
      ? ''
      : plainLines(evidence.summary).slice(0, 4_000).split('\n').map(harmless).join('\n'),
    listOf('Acceptance criteria', criteriaLines(bead?.criteria ?? [], evidence)),
    listOf(`Checks, on top of ${harmless(plain(target, 80))}`, checks.map(checkLine)),
    listOf('Made by', [
      ...(bead === null ? [] : [`Bead: ${bead.id}`]),
      ...(polecat === null ? [] : [`Agent: ${harmless(plain(polecat.name, 60))}`]),
      ...(polecat === null || polecat.seat.model === ''
        ? []
        : [`Model: ${harmless(plain(polecat.seat.model, 80))}`]),
    ]),
  ];
  const body = parts.filter((part) => part.trim() !== '').join('\n\n');
  return { title: plain(bead?.title ?? request.branch, 120), body: `${body}\n` };
}

function listOf(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`### ${head}`, '', ...lines.map((line) => `- ${line}`)].join('\n');
}

/** Without an inspector's word nobody claims that they are met. */
function criteriaLines(criteria: readonly string[], evidence: Evidence | null): readonly string[] {
  const judged = evidence?.verdict?.criteria ?? [];
  return criteria.map((criterion) => {
    const found = judged.find((one) => one.criterion === criterion);
    const sign = found === undefined ? '' : found.met ? '✓ ' : '✗ ';
    return `${sign}${harmless(plain(criterion, 500))}`;
  });
}

function checkLine({ name, outcome }: CheckResult): string {
  return `${outcome === 'passed' ? '✓' : '–'} ${harmless(plain(name, 60))} ${outcome.replaceAll('_', ' ')}`;
}

/** An agent's words call nobody, close nothing and draw nothing on somebody else's page. */
function harmless(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|~!#]/g, (sign) => `\\${sign}`)
    .replaceAll(/(@|#|GH-)(?=\w)/g, '$1\u2060')
    .replaceAll(/\b(https?):\/\//g, '$1:\u2060//');
}
