/** What stands at the end of a run, so that the last hundred lines of a log say what to mend. Pure. */
import { count, counted } from './outcome.ts';
import type { Outcome, Tally } from './outcome.ts';

export type Ran = { readonly suite: string; readonly tally: Tally };

/** For all failures together. */
const linesOfFailures = 80;
const mostLines = 15;

function toldFailure(suite: string, { title, file, message }: Outcome, lines: number): string[] {
  const words = (message ?? '').split('\n').filter((line) => line.trim() !== '');
  const left = words.length > lines ? [`… and ${String(words.length - lines)} more lines`] : [];
  const where = file === '' ? [] : [`    ${file}`];
  return [
    `  ✘ ${suite}: ${title}`,
    ...where,
    ...[...words.slice(0, lines), ...left].map((line) => `      ${line}`),
  ];
}

/** Everything that failed: suite, title, file, and the beginning of the error. */
function failures(ran: readonly Ran[]): string[] {
  const failed = ran.flatMap(({ suite, tally }) =>
    tally.outcomes.filter(({ state }) => state === 'failed').map((outcome) => ({ suite, outcome })),
  );
  if (failed.length === 0) return [];
  const each = Math.floor(linesOfFailures / failed.length) - 3;
  const lines = Math.max(1, Math.min(mostLines, each));
  return ['What failed', ...failed.flatMap(({ suite, outcome }) => toldFailure(suite, outcome, lines)), ''];
}

function unsteady(ran: readonly Ran[]): string[] {
  const told = ran.flatMap(({ suite, tally }) =>
    tally.unsteady.map((outcome) => [
      `  ${suite}: ${outcome.title}`,
      `    ${outcome.file}`,
      `      ${(outcome.message ?? '').split('\n', 1).join()}`,
    ]),
  );
  return told.length === 0 ? [] : ['Steady only at the second try:', ...told.flat(), ''];
}

/** The slowest files of a run, slowest first. */
export function slowest(ran: readonly Ran[], most = 15): string[] {
  const files = ran.flatMap(({ tally }) => Object.entries(tally.seconds));
  const first = files.sort(([, one], [, other]) => other - one).slice(0, most);
  return [
    'The slowest files',
    ...first.map(([file, seconds]) => `${seconds.toFixed(1).padStart(8)} s  ${file}`),
    '',
  ];
}

/** The end of the log: what was unsteady, what failed, and the line that counts. */
export function summary(ran: readonly Ran[]): { readonly lines: readonly string[]; readonly ok: boolean } {
  const all = ran.flatMap(({ tally }) => tally.outcomes);
  const seconds = ran.reduce((sum, { tally }) => sum + tally.unsteady.length, 0);
  const closing = `${counted(all)}${seconds > 0 ? `, ${String(seconds)} steady only at the second try` : ''}`;
  return {
    lines: ['', ...unsteady(ran), ...failures(ran), closing],
    ok: count(all, 'failed') === 0 && count(all, 'passed') > 0,
  };
}
