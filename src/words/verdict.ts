import type { Evidence, Inspected } from '../town/bead.ts';
import type { JudgedCriterion, Verdict } from '../town/verdict.ts';
import { nameOf } from './nameOf.ts';
import { plain, plainLines } from './plain.ts';
import type { Translate } from './translate.ts';

/** Who inspected a proof, and whether a person had to let it pass, as one line; empty where nobody would have. */
export function inspectedLine(
  { verdict, acceptedAt }: Pick<Evidence, 'verdict' | 'acceptedAt'>,
  t: Translate,
): string {
  if (verdict === undefined) return '';
  if (acceptedAt === undefined) return verdict === null ? t('Not inspected.') : judgedBy(verdict, t);
  return verdict === null
    ? t('Its inspector gave no answer that counts; you let it pass all the same.')
    : t('{inspected} You let it pass all the same.', { inspected: judgedBy(verdict, t) });
}

/** What its inspector holds against it, for a person who is to decide: one line a criterion, each with its place. */
export function doubtLines({ verdict }: Pick<Inspected, 'verdict'>, t: Translate): readonly string[] {
  if (verdict === null) return [t('Its inspector gave no answer that counts.')];
  return [judgedBy(verdict, t), ...judgedLines(verdict)];
}

function judgedBy(verdict: Verdict, t: Translate): string {
  const by = { provider: nameOf(verdict.provider), model: plain(verdict.model, 60) };
  const met = verdict.criteria.filter((one) => one.met).length;
  const counts = { ...by, met, all: verdict.criteria.length, cut: verdict.cut.length };
  return verdict.cut.length === 0
    ? t('Inspected by {provider} ({model}): {met} of {all} criteria met.', counts)
    : t(
        'Inspected by {provider} ({model}): {met} of {all} criteria met; of {cut} files it saw only a part.',
        counts,
      );
}

/** One line a criterion, for a person. */
export function judgedLines({ criteria, notes }: Verdict): readonly string[] {
  return [
    ...criteria.map((one) => `${one.met ? '✓' : '✗'} ${judged(one)}`),
    ...(notes === '' ? [] : [plain(notes, 1_000)]),
  ];
}

function judged({ criterion, why, file, line }: JudgedCriterion): string {
  const place = file === null ? '' : ` (${plain(file, 200)}${line === null ? '' : `:${String(line)}`})`;
  return `${plain(criterion, 300)}: ${plain(why, 600)}${place}`;
}

/** What its agent is told; agents read English. */
export function verdictText(verdict: Verdict): string {
  const of = (met: boolean): readonly string[] =>
    verdict.criteria.filter((one) => one.met === met).map((one) => `- ${judged(one)}`);
  const [unmet, met] = [of(false), of(true)];
  return [
    ...(unmet.length === 0 ? [] : [`Not met:\n${unmet.join('\n')}`]),
    ...(met.length === 0 ? [] : [`Met:\n${met.join('\n')}`]),
    ...(verdict.notes === '' ? [] : [`Notes:\n${plainLines(verdict.notes)}`]),
  ].join('\n\n');
}
